"""Addresses of service levels, and those that every kind of record has for its own."""

from django.urls import URLPattern, path

from sla.api.views.clocks import ClocksView, CustodyView, RecordVerdictsView
from sla.api.views.verdicts import VerdictsView


def clock_paths(kind: str, feed: str) -> list[URLPattern]:
    """Clocks, custody and verdicts of one kind of record under `feed`."""
    base = f"{feed}/<str:number>"
    return [
        path(f"{base}/clocks/", ClocksView.as_view(kind=kind), name=f"api_{kind}_clocks"),
        path(f"{base}/custody/", CustodyView.as_view(kind=kind), name=f"api_{kind}_custody"),
        path(f"{base}/verdicts/", RecordVerdictsView.as_view(kind=kind), name=f"api_{kind}_verdicts"),
    ]


urlpatterns = [path("verdicts/", VerdictsView.as_view(), name="api_verdicts")]
