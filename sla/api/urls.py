from django.urls import path

from sla.api.views.calendars import CalendarsView, CalendarVersionsView, CalendarView
from sla.api.views.targets import TargetsView, TargetVersionsView, TargetView

urlpatterns = [
    path("targets/", TargetsView.as_view(), name="api_targets"),
    path("targets/<str:code>/", TargetView.as_view(), name="api_target"),
    path("targets/<str:code>/versions/", TargetVersionsView.as_view(), name="api_target_versions"),
    path("calendars/", CalendarsView.as_view(), name="api_calendars"),
    path("calendars/<str:code>/", CalendarView.as_view(), name="api_calendar"),
    path("calendars/<str:code>/versions/", CalendarVersionsView.as_view(), name="api_calendar_versions"),
]
