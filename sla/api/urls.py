"""Addresses of service levels, and those that every kind of record has for its own."""

from django.urls import URLPattern, path

from sla.api.views.calendars import CalendarsView, CalendarVersionsView, CalendarView
from sla.api.views.clocks import ClocksView, CustodyView, RecordVerdictsView
from sla.api.views.disputes import (
    DisputesView,
    DisputeView,
    RulePreviewView,
    RuleView,
    WithdrawView,
)
from sla.api.views.drafts import (
    DraftAdoptView,
    DraftCancelView,
    DraftChangesView,
    DraftDiscardView,
    DraftRunView,
    DraftsView,
    DraftView,
)
from sla.api.views.promises import CompositionView, PublishView
from sla.api.views.targets import TargetsView, TargetVersionsView, TargetView
from sla.api.views.verdicts import VerdictsView


def clock_paths(kind: str, feed: str) -> list[URLPattern]:
    """Clocks, custody and verdicts of one kind of record under `feed`."""
    base = f"{feed}/<str:number>"
    return [
        path(f"{base}/clocks/", ClocksView.as_view(kind=kind), name=f"api_{kind}_clocks"),
        path(f"{base}/custody/", CustodyView.as_view(kind=kind), name=f"api_{kind}_custody"),
        path(f"{base}/verdicts/", RecordVerdictsView.as_view(kind=kind), name=f"api_{kind}_verdicts"),
    ]


urlpatterns = [
    path("disputes/", DisputesView.as_view(), name="api_disputes"),
    path("disputes/<uuid:dispute_id>/", DisputeView.as_view(), name="api_dispute"),
    path("disputes/<uuid:dispute_id>/withdraw/", WithdrawView.as_view(), name="api_dispute_withdraw"),
    path("disputes/<uuid:dispute_id>/rule/", RuleView.as_view(), name="api_dispute_rule"),
    path(
        "disputes/<uuid:dispute_id>/rule/preview/",
        RulePreviewView.as_view(),
        name="api_dispute_rule_preview",
    ),
    path("drafts/", DraftsView.as_view(), name="api_drafts"),
    path("drafts/<uuid:draft_id>/", DraftView.as_view(), name="api_draft"),
    path("drafts/<uuid:draft_id>/changes/", DraftChangesView.as_view(), name="api_draft_changes"),
    path("drafts/<uuid:draft_id>/run/", DraftRunView.as_view(), name="api_draft_run"),
    path("drafts/<uuid:draft_id>/cancel/", DraftCancelView.as_view(), name="api_draft_cancel"),
    path("drafts/<uuid:draft_id>/adopt/", DraftAdoptView.as_view(), name="api_draft_adopt"),
    path("drafts/<uuid:draft_id>/discard/", DraftDiscardView.as_view(), name="api_draft_discard"),
    path("verdicts/", VerdictsView.as_view(), name="api_verdicts"),
    path("targets/", TargetsView.as_view(), name="api_targets"),
    path("targets/<str:code>/", TargetView.as_view(), name="api_target"),
    path("targets/<str:code>/versions/", TargetVersionsView.as_view(), name="api_target_versions"),
    path("calendars/", CalendarsView.as_view(), name="api_calendars"),
    path("calendars/<str:code>/", CalendarView.as_view(), name="api_calendar"),
    path("calendars/<str:code>/versions/", CalendarVersionsView.as_view(), name="api_calendar_versions"),
    path("services/<str:code>/composition/", CompositionView.as_view(), name="api_service_composition"),
    path("services/<str:code>/publish/", PublishView.as_view(), name="api_service_publish"),
]
