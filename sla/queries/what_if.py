"""A comparison in words and names: who a tally is of, and what it comes to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from catalogue.public import catalogue
from people.public import directory
from sla.engine.notation import NotationError, TargetEntry
from sla.engine.notation.printing import calendar_data, matrix_data, target_data
from sla.engine.verdicts import Tallies, Tally
from sla.queries.wording import escalations_in_words
from sla.services.book import definitions
from sla.services.drafts import DraftText
from sla.services.history import seconds
from sla.services.notation import read_document, todays_document
from sla.services.overlay import NothingChangesError, novelty

NAMED = ("provider", "service")
_MOST_SENTENCES = 5
DIRECTION_WORDS = {
    "better": _("Breach would vanish"),
    "worse": _("Breach would appear"),
    "appears": _("New promise"),
    "vanishes": _("No promise any more"),
    "moved": _("Due or ended otherwise"),
}
METRIC_WORDS = {
    "response": _("response"),
    "update": _("update"),
    "resolution": _("resolution"),
    "fulfilment": _("fulfilment"),
    "approval": _("approval"),
}


def place_names(dimension: str, places: Iterable[str]) -> dict[str, str]:
    """What to call the places of a dimension; a row that is gone is called by its key."""
    words = {"service": gettext("No service"), "provider": gettext("No provider")}
    nowhere = words.get(dimension, gettext("None"))
    names = {str(key): str(row.name) for key, row in _rows_of(dimension).items()}
    return {place: names.get(place, place) if place else nowhere for place in places}


@dataclass(frozen=True, slots=True)
class TallyLine:
    """What one place of a dimension comes to. `place` is a code where there is one, `key` what changes are found by."""

    key: str
    place: str
    name: str
    met_before: int
    breached_before: int
    open_before: int
    met_after: int
    breached_after: int
    open_after: int
    breaches_gone: int
    breaches_new: int


def tally_line(tally: Tally, *, key: str = "", place: str = "", name: str = "") -> TallyLine:
    """A tally with the figures that people compare."""
    return TallyLine(
        key=key,
        place=place,
        name=name,
        met_before=tally.before("met"),
        breached_before=tally.before("breached"),
        open_before=tally.before("open"),
        met_after=tally.after("met"),
        breached_after=tally.after("breached"),
        open_after=tally.after("open"),
        breaches_gone=tally.breaches_gone,
        breaches_new=tally.breaches_new,
    )


def tally_lines(dimension: str, tallies: Tallies) -> list[TallyLine]:
    """The places of a dimension by name, what has none last."""
    places = tallies.by[dimension]
    names = place_names(dimension, places)
    if dimension == "measure":
        names = {place: measure_words(place) for place in places}
    codes = codes_of(dimension)
    return [
        tally_line(places[key], key=key, place=codes.get(key, key), name=names[key])
        for key in sorted(places, key=lambda key: (key == "", names[key]))
    ]


def codes_of(dimension: str) -> dict[str, str]:
    """Codes by key of the rows that a dimension's places are; none where they are no rows."""
    return {str(key): str(row.code) for key, row in _rows_of(dimension).items()}


def _rows_of(dimension: str) -> Mapping[UUID, Any]:
    if dimension == "service":
        return catalogue().services
    return directory().providers if dimension == "provider" else {}


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


def measure_words(place: str) -> str:
    """A kind and metric, such as sla:response, as people say it."""
    kind, metric = place.split(":")
    return f"{kind.upper()} {METRIC_WORDS.get(metric, metric)}"


def changes_in_words(text: DraftText, at: datetime) -> list[str]:
    """What a draft changes of what holds now (UTC), a line each; nothing where it cannot be read."""
    today = todays_document(seconds(at))
    try:
        document = read_document(text.document)
        new = novelty(document, definitions(), at=seconds(at))
    except (NotationError, NothingChangesError):
        return []
    found: list[str] = []
    if document.since is not None:
        day = datetime.fromtimestamp(document.since, UTC).strftime("%Y-%m-%d %H:%M")
        found.append(gettext("Tried as if it had held from %(day)s UTC on.") % {"day": day})
    for code, entry in new.calendars.items():
        old = today.calendars.get(code)
        found += _differences(
            gettext("Calendar %(code)s") % {"code": code},
            calendar_data(old) if old else None,
            calendar_data(entry),
        )
    targets = {each.code: each for each in today.targets}
    for code, target in new.targets.items():
        was = targets.get(code)
        # What happens on the way stays where a draft does not say.
        then = replace(target, escalations=was.escalations) if was and target.escalations is None else target
        found += _differences(
            gettext("Target %(code)s") % {"code": code},
            _told(was) if was else None,
            _told(then),
        )
    found += [gettext("Target %(code)s: retired") % {"code": code} for code in new.retired]
    matrices = {each.name: each for each in today.matrices}
    for matrix in new.matrices:
        stood = matrices.get(matrix.name)
        found += _differences(
            gettext("Priority matrix %(name)s") % {"name": matrix.name},
            matrix_data(stood) if stood else None,
            matrix_data(matrix),
        )
    return found


def _told(entry: TargetEntry) -> dict[str, Any]:
    """A target as it is written, with what happens on the way in words."""
    return target_data(entry) | {"escalations": escalations_in_words(entry.escalations or ()) or []}


def _differences(name: str, old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> list[str]:
    if old is None:
        return [gettext("%(name)s: new") % {"name": name}]
    return [
        gettext("%(name)s, %(field)s: %(new)s instead of %(old)s")
        % {"name": name, "field": field, "new": _plain(new.get(field)), "old": _plain(old.get(field))}
        for field in {**old, **new}
        if old.get(field) != new.get(field) and field != "name" and (field in new or old is not None)
    ]


def _plain(value: Any) -> str:
    if value is None or value == []:
        return gettext("nothing")
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {_plain(each)}" for key, each in value.items()) or gettext("nothing")
    if isinstance(value, list | tuple):
        return ", ".join(_plain(each) for each in value)
    return str(value)
