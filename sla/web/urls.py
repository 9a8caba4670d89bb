"""Addresses of the definitions, mounted at /admin/."""

from django.urls import path

from sla.web.views import (
    calendars,
    components,
    contest,
    disputes,
    index,
    parts,
    plans,
    promises,
    ruling,
    targets,
    what_if,
)

app_name = "sla"
urlpatterns = [
    path("", index.index, name="index"),
    path("calendars/", calendars.calendar_list, name="calendars"),
    path("calendars/new/", calendars.calendar_new, name="calendar_new"),
    path("calendars/<slug:code>/", calendars.calendar_page, name="calendar"),
    path("calendars/<slug:code>/edit/", calendars.calendar_edit, name="calendar_edit"),
    path("targets/", targets.target_list, name="targets"),
    path("targets/new/", targets.target_new, name="target_new"),
    path("targets/<slug:code>/", targets.target_page, name="target"),
    path("targets/<slug:code>/edit/", targets.target_edit, name="target_edit"),
    path("targets/<slug:code>/retire/", targets.target_retire, name="target_retire"),
    path("what-if/", what_if.draft_list, name="what_ifs"),
    path("what-if/new/", what_if.draft_new, name="what_if_new"),
    path("what-if/<uuid:draft_id>/", what_if.draft_page, name="what_if"),
    path("what-if/<uuid:draft_id>/edit/", what_if.draft_edit, name="what_if_edit"),
    path("what-if/<uuid:draft_id>/progress/", what_if.draft_progress, name="what_if_progress"),
    path("what-if/<uuid:draft_id>/discard/", what_if.draft_discard, name="what_if_discard"),
    path("what-if/<uuid:draft_id>/<slug:action>/", what_if.draft_act, name="what_if_act"),
    path("promises/", promises.services, name="services"),
    path("services/<slug:code>/promises/", promises.service, name="service"),
    path("services/<slug:code>/availability/", promises.availability, name="availability"),
    path("services/<slug:code>/plan/", plans.change_plan, name="plan"),
    path("services/<slug:code>/parts/add/", parts.add_part, name="add_part"),
    path("services/<slug:code>/groups/<int:number>/", parts.change_group, name="change_group"),
    path("services/<slug:code>/parts/<slug:kind>/<slug:part>/remove/", parts.remove_part, name="remove_part"),
    path("components/", components.components, name="components"),
    path("components/new/", components.new_component, name="new_component"),
    path("components/<slug:code>/", components.component, name="component"),
    path("components/<slug:code>/remove/", components.component_remove, name="remove_component"),
]

# Mounted at /desk/, before the desk's own.
dispute_patterns = [
    path("disputes/", disputes.dispute_list, name="list"),
    path("disputes/<uuid:dispute_id>/", disputes.dispute_page, name="dispute"),
    path("disputes/<uuid:dispute_id>/withdraw/", disputes.dispute_withdraw, name="withdraw"),
    path("disputes/<uuid:dispute_id>/rule/", ruling.dispute_rule, name="rule"),
    path("incidents/<str:number>/contest/", contest.contest_record, name="contest"),
]
