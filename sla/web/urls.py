"""Addresses of the definitions, mounted at /admin/."""

from django.urls import path

from sla.web.views import what_if

app_name = "sla"
urlpatterns = [
    path("what-if/", what_if.draft_list, name="what_ifs"),
    path("what-if/new/", what_if.draft_new, name="what_if_new"),
    path("what-if/<uuid:draft_id>/", what_if.draft_page, name="what_if"),
    path("what-if/<uuid:draft_id>/edit/", what_if.draft_edit, name="what_if_edit"),
    path("what-if/<uuid:draft_id>/progress/", what_if.draft_progress, name="what_if_progress"),
    path("what-if/<uuid:draft_id>/<slug:action>/", what_if.draft_act, name="what_if_act"),
]
