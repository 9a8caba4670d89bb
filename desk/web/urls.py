"""Addresses of the desk, mounted at /desk/."""

from django.urls import URLPattern, path

from desk.engine.kinds import LISTINGS, Listing
from desk.web.views import actions, approvals, bulk, files, home, raising, record, record_list, searching

app_name = "desk"


def _of(listing: Listing) -> list[URLPattern]:
    """The list of a kind of record, its records, and what can be done with them."""
    kind, below = {"kind": listing.kind}, f"{listing.feed}/<str:number>/"
    return [
        path(f"{listing.feed}/", record_list.record_list, kind, name=f"{listing.kind}_list"),
        path(f"{listing.feed}/arrivals/", record_list.arrivals, kind, name=f"{listing.kind}_arrivals"),
        path(f"{listing.feed}/live/", record_list.live, kind, name=f"{listing.kind}_live"),
        path(f"{listing.feed}/bulk/", bulk.bulk, kind, name=f"{listing.kind}_bulk"),
        path(below, record.record, kind, name=listing.kind),
        path(f"{below}files/<uuid:attachment_id>/", files.download, kind, name=f"{listing.kind}_file"),
        path(f"{below}<slug:action>/", actions.act, kind, name=f"{listing.kind}_act"),
    ]


urlpatterns = [
    path("", home.home, name="home"),
    path("search/", searching.search_records, name="search"),
    path("approvals/", approvals.approval_list, name="approvals"),
    path("approvals/<uuid:approval_id>/assign/", approvals.assign, name="approval_assign"),
    path("incidents/new/", raising.raise_on_behalf, name="raise"),
    *(pattern for listing in LISTINGS.values() for pattern in _of(listing)),
]
