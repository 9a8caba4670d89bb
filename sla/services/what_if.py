"""What if: real history under other definitions, record by record, and nothing written.

Records are read page by page; a record's clocks of kinds and metrics that the other definitions leave alone are
computed once. All is as of one instant: the audit is append-only, so that reading as of an instant needs no snapshot.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from catalogue.public import priority_of
from people.public import directory
from sla import engine
from sla.engine import Attributes, Clock, TargetBook, Timeline
from sla.engine.notation import Document
from sla.engine.priorities import PriorityOf, with_other_priorities
from sla.engine.verdicts import Direction, Promise, Tallies, Verdict, compared, verdicts_of
from sla.services.book import Definitions, definitions
from sla.services.history import changes_of, seconds, steps_with
from sla.services.overlay import Grid, Overlay, overlay
from sla.services.selection import Head, Selection, page_after


class ChangedVerdict(NamedTuple):
    """One promise of one record whose verdict, or due instant, would be another. Instants in UTC."""

    record_id: UUID
    number: str
    opened_at: datetime
    promise: Promise
    service: str
    provider: str
    priority: int | None
    direction: Direction
    before: Verdict
    after: Verdict


@dataclass(slots=True)
class WhatIf:
    """A what-if under way. Go through `pages`; the tallies are of what was gone through so far."""

    laid: Overlay
    held: Definitions
    selection: Selection
    at: datetime
    tallies: Tallies = field(default_factory=Tallies)

    @property
    def total(self) -> int:
        """How many records there are to go through."""
        return self.selection.rows().count()

    def pages(self) -> Iterator[tuple[int, list[ChangedVerdict]]]:
        """Go through the records, page by page: how many were in it, and what changes."""
        providers = {str(key): str(group.provider_id) for key, group in directory().groups.items()}
        last: UUID | None = None
        while page := page_after(self.selection, last):
            last = page[-1].pk
            yield len(page), self._page(page, providers)

    def _page(self, page: list[Head], providers: Mapping[str, str]) -> list[ChangedVerdict]:
        entries: dict[UUID, list[Any]] = defaultdict(list)
        for entry in steps_with(keys=[head.pk for head in page]):
            entries[entry.record_id].append(entry)
        found: list[ChangedVerdict] = []
        for head in page:
            changed = self._record(head, entries[head.pk], providers)
            self.tallies.records += 1
            self.tallies.records_changed += bool(changed)
            found += changed
        return found

    def _record(self, head: Head, entries: list[Any], providers: Mapping[str, str]) -> list[ChangedVerdict]:
        changes = changes_of(head, entries, self.held.parents)
        now = seconds(self.at)
        line = engine.timeline(changes)
        before, after = self._verdicts(line, changes, entries, now)
        facts = _as_of(line, now)
        month = head.opened_at.astimezone(UTC).strftime("%Y-%m")
        found: list[ChangedVerdict] = []
        for promise, old, new, direction in compared(before, after):
            provider = _provider_of(promise, facts, providers)
            places = {
                "service": str(facts.service or ""),
                "provider": provider,
                "priority": str(facts.priority or ""),
                "month": month,
                "measure": f"{promise.kind}:{promise.metric}",
            }
            self.tallies.add(old, new, places=places, moved=direction == "moved")
            if direction is not None:
                found.append(
                    ChangedVerdict(
                        record_id=head.pk,
                        number=head.number,
                        opened_at=head.opened_at,
                        promise=promise,
                        service=places["service"],
                        provider=provider,
                        priority=facts.priority,
                        direction=direction,
                        before=old,
                        after=new,
                    )
                )
        return found

    def _verdicts(
        self, line: Timeline, changes: list[engine.Change], entries: list[Any], now: int
    ) -> tuple[dict[Promise, Verdict], dict[Promise, Verdict]]:
        laid = self.laid
        shared = self._clocks(laid.shared, line, laid.before_calendars, now)
        before = self._clocks(laid.before, line, laid.before_calendars, now)
        if laid.grids is not None:
            old, new = laid.grids
            others = with_other_priorities(
                changes, [entry.facts for entry in entries], before=_priorities(old), after=_priorities(new)
            )
            if others is not None:
                other = engine.timeline(others)
                after = self._clocks(laid.shared, other, laid.after_calendars, now)
                after += self._clocks(laid.after, other, laid.after_calendars, now)
                return verdicts_of(shared + before), verdicts_of(after)
        after = self._clocks(laid.after, line, laid.after_calendars, now)
        return verdicts_of(shared + before), verdicts_of(shared + after)

    @staticmethod
    def _clocks(
        book: TargetBook, line: Timeline, calendars: Mapping[str, Any], now: int
    ) -> tuple[Clock, ...]:
        if not book.chains:
            return ()
        return engine.compute_clocks(timeline=line, definitions=book, calendars=calendars, now=now)


def what_if(
    document: Document, *, at: datetime, selection: Selection | None = None, held: Definitions | None = None
) -> WhatIf:
    """Lay a document over the definitions of the tenant in scope, to see real history under both as of `at` (UTC).

    Restricted records are left out: they leave no trace in figures. Writes nothing. Raises NothingChangesError.
    """
    known = definitions() if held is None else held
    chosen = selection or Selection()
    end = min(chosen.end, at) if chosen.end else at
    return WhatIf(
        laid=overlay(document, known, at=seconds(at)),
        held=known,
        selection=chosen.within(end),
        at=at,
    )


def _priorities(grid: Grid) -> PriorityOf:
    return lambda service, impact, urgency: priority_of(grid.cells(service), impact=impact, urgency=urgency)


def _as_of(line: Timeline, now: int) -> Attributes:
    """What the record was at an instant."""
    found = line.segments[0].attributes
    for segment in line.segments:
        if segment.start > now:
            break
        found = segment.attributes
    return found


def _provider_of(promise: Promise, facts: Attributes, providers: Mapping[str, str]) -> str:
    """Whose promise it is: the contract's provider, the group's, or for one to the user who had the record last."""
    if promise.kind == "uc":
        return str(promise.party or "")
    if promise.kind == "ola":
        return providers.get(str(promise.party), "")
    return str(facts.provider or "")
