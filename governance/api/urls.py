from django.urls import path

from governance.api.views import CheckFilesView, CheckFileView, CheckView, OverviewView, ReadinessView

urlpatterns = [
    path("readiness/", OverviewView.as_view(), name="api_readiness_overview"),
    path("readiness/<slug:about>/<slug:code>/", ReadinessView.as_view(), name="api_readiness"),
    path("readiness/<slug:about>/<slug:code>/<slug:check>/", CheckView.as_view(), name="api_readiness_check"),
    path(
        "readiness/<slug:about>/<slug:code>/<slug:check>/files/",
        CheckFilesView.as_view(),
        name="api_readiness_files",
    ),
    path(
        "readiness/<slug:about>/<slug:code>/<slug:check>/files/<uuid:key>/",
        CheckFileView.as_view(),
        name="api_readiness_file",
    ),
]
