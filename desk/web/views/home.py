"""Where an agent arrives."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from desk.queries.home import home_of
from desk.web.views.access import actor_of, desk_page
from desk.web.views.kinds import KINDS
from desk.web.views.record_list import count_in_words, links_to_views

# Where a tile's records are listed, kind by kind: the view (and filters), and what was counted.
_WAITING = (("incident", "mine", "mine"), ("task", "mine", "mine"))
_BREACHING = tuple((kind, "breaching", "breaching") for kind in KINDS)
_NEW = (("incident", "groups&state=new", "new"), ("task", "unassigned&state=ready", "new"))


@require_GET
@desk_page
def home(request: HttpRequest) -> HttpResponse:
    """What to work on next, what breaches soon, what is new, what waits on me."""
    found = home_of(actor_of(request), timezone.now())
    tiles = [
        {
            "title": gettext("Waiting on me"),
            "nothing": gettext("Nothing waits on you."),
            "rows": found.waiting,
            "links": _links(_WAITING, found.counts),
        },
        {
            "title": gettext("Due in 4 hours, or late"),
            "nothing": gettext("No promise of your groups comes due in the next 4 hours."),
            "rows": found.breaching,
            "links": _links(_BREACHING, found.counts),
        },
        {
            "title": gettext("New in my groups"),
            "nothing": gettext("Nothing new."),
            "rows": found.new,
            "links": _links(_NEW, found.counts),
        },
    ]
    view_groups = [
        {
            "heading": KINDS[kind].words.plural,
            "label": KINDS[kind].words.views_label,
            "views": links_to_views(kind, found.counts[kind]),
        }
        for kind in KINDS
    ]
    return render(request, "desk/home.html", {"home": found, "tiles": tiles, "view_groups": view_groups})


def _links(
    listed: tuple[tuple[str, str, str], ...], counts: Mapping[str, Mapping[str, int]]
) -> list[dict[str, Any]]:
    return [
        {
            "label": KINDS[kind].words.plural,
            "url": f"/desk/{KINDS[kind].listing.feed}/?view={view}",
            "count": count_in_words(counts[kind][counted]),
        }
        for kind, view, counted in listed
    ]
