"""A comparison in words and names: who a tally is of, and what it comes to."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, ngettext

from catalogue.public import catalogue
from people.public import directory
from sla.engine.verdicts import Tallies, Tally

NAMED = ("provider", "service")
_MOST_SENTENCES = 5


def place_names(dimension: str, places: Iterable[str]) -> dict[str, str]:
    """What to call the places of a dimension; a row that is gone is called by its key."""
    rows: Mapping[UUID, Any] = {}
    if dimension == "service":
        rows, nowhere = catalogue().services, gettext("No service")
    elif dimension == "provider":
        rows, nowhere = directory().providers, gettext("No provider")
    else:
        nowhere = gettext("None")
    names = {str(key): str(row.name) for key, row in rows.items()}
    return {place: names.get(place, place) if place else nowhere for place in places}


def sentences(tallies: Tallies) -> list[str]:
    """What the comparison comes to: of all, then of the providers and services where most breaches come or go."""
    found = [_sentence(gettext("In all"), tallies.total)]
    for dimension in NAMED:
        places = {place: tally for place, tally in tallies.by[dimension].items() if place and _moves(tally)}
        names = place_names(dimension, places)
        most = sorted(places, key=lambda place: (-_moves(places[place]), names[place]))[:_MOST_SENTENCES]
        found += [_sentence(names[place], places[place]) for place in most]
    return found


def _moves(tally: Tally) -> int:
    return tally.breaches_gone + tally.breaches_new


def _sentence(name: str, tally: Tally) -> str:
    had, gone, new = tally.before("breached"), tally.breaches_gone, tally.breaches_new
    if not (had or new):
        return gettext("%(name)s: there are no breaches, and none would appear.") % {"name": name}
    first = ngettext(
        "%(gone)s of %(count)s breach would vanish", "%(gone)s of %(count)s breaches would vanish", had
    ) % {"gone": gone, "count": had}
    if not had:
        first = gettext("there are no breaches")
    second = ngettext("%(count)s new one would appear", "%(count)s new ones would appear", new) % {
        "count": new
    }
    return gettext("%(name)s: %(gone)s, and %(new)s.") % {
        "name": name,
        "gone": first,
        "new": second if new else gettext("no new one would appear"),
    }
