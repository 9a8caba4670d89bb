"""Which records a replay or a what-if goes through, page by page."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext

from catalogue.public import catalogue
from lifecycle.public import RuleError
from people.public import directory
from records.models import Record, RecordParty
from records.public import kinds

PAGE = 500
PRIORITIES = range(1, 6)


class SelectionError(RuleError):
    """A selection names something that does not exist; `fields` says what, by name."""

    code = "selection_invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Records opened in [start, end) (UTC), of these services, kinds and priorities; empty means any.

    `providers` are keys of those that hold a record, held it, or were asked. `open_to_all` leaves restricted
    records out: they leave no trace in figures.
    """

    start: datetime | None = None
    end: datetime | None = None
    services: tuple[UUID, ...] = ()
    providers: tuple[UUID, ...] = ()
    priorities: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    open_to_all: bool = False

    def within(self, end: datetime) -> "Selection":
        """Those that were opened before an instant and that are not restricted."""
        return replace(self, end=end, open_to_all=True)

    def rows(self) -> QuerySet[Record]:
        """The records, in no particular order."""
        records = Record.objects.all()
        if self.start:
            records = records.filter(opened_at__gte=self.start)
        if self.end:
            records = records.filter(opened_at__lt=self.end)
        if self.services:
            records = records.filter(service_id__in=self.services)
        if self.providers:
            parties = RecordParty.objects.filter(record=OuterRef("pk"), provider_id__in=self.providers)
            records = records.filter(Exists(parties))
        if self.priorities:
            records = records.filter(priority__in=self.priorities)
        if self.kinds:
            records = records.filter(kind__in=self.kinds)
        return records.filter(is_restricted=False) if self.open_to_all else records


class Head(NamedTuple):
    """What is read of a record; plain columns, because building rows costs more than the rest."""

    pk: UUID
    number: str
    kind: str
    requester_id: UUID | None
    opened_at: datetime


def page_after(selection: Selection, last: UUID | None) -> list[Head]:
    """The next records after one, in the order of their keys; the first ones without."""
    rows = selection.rows().order_by("id")
    if last:
        rows = rows.filter(pk__gt=last)
    return [Head(*row) for row in rows.values_list(*Head._fields)[:PAGE]]


def selection_of(
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    services: Iterable[str] = (),
    providers: Iterable[str] = (),
    priorities: Iterable[int] = (),
    kinds_named: Iterable[str] = (),
) -> Selection:
    """A selection by codes. Raises SelectionError naming every code that is unknown."""
    wrong: dict[str, str] = {}
    found = Selection(
        start=start,
        end=end,
        services=_keys(services, catalogue().services, wrong, "service"),
        providers=_keys(providers, directory().providers, wrong, "provider"),
        priorities=tuple(sorted(set(priorities))),
        kinds=tuple(sorted(set(kinds_named))),
    )
    if any(priority not in PRIORITIES for priority in found.priorities):
        wrong["priority"] = gettext("A priority is a number from 1 to 5.")
    known = {kind.code for kind in kinds()}
    unknown = sorted(set(found.kinds) - known)
    if unknown:
        wrong["kind"] = gettext("No kind of record is called %(unknown)s; there are %(known)s.") % {
            "unknown": repr(unknown[0]),
            "known": ", ".join(sorted(known)),
        }
    if start and end and start >= end:
        wrong["to"] = gettext("The end must lie after the start.")
    if wrong:
        raise SelectionError(" ".join(wrong.values()), fields=wrong)
    return found


def _keys(codes: Iterable[str], rows: Any, wrong: dict[str, str], what: str) -> tuple[UUID, ...]:
    keys = {row.code: key for key, row in rows.items()}
    unknown = [code for code in codes if code not in keys]
    if unknown:
        wrong[what] = gettext("No %(what)s has the code %(unknown)s.") % {
            "what": what,
            "unknown": repr(unknown[0]),
        }
    return tuple(keys[code] for code in dict.fromkeys(codes) if code in keys)
