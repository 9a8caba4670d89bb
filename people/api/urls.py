from django.urls import path

from people.api.views import GroupsView, PeopleView

urlpatterns = [
    path("people/", PeopleView.as_view(), name="api_people"),
    path("support-groups/", GroupsView.as_view(), name="api_support_groups"),
]
