"""Event logs: the record is what its rows, in order, say that happened."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from transition.engine.cells import UNCHANGED, TimeReader, ValueReader, condition_test
from transition.engine.faults import RejectedValueError, RowFault
from transition.engine.fold import Row, Tools, backwards, folded, read_settings, rejected
from transition.engine.history import Folded, HistoricRecord
from transition.engine.mapping import FINAL_STATES, NOTES, Choice
from transition.engine.spool import RecordRows
from transition.engine.steps import Step, changes_only, entries_of, insert_step, pin_state

NOT_AT_OPENING = frozenset({"state", "assignee", *NOTES})
"""The first row tells what these became at its own time; the rest it tells of the record as it was opened."""


TOLD = ("opened", "responded", "resolved", "closed")
FIRST_RESPONSE = "First response"
"""The text of the comment that stands for a response of which only the time is known."""


@dataclass(slots=True)
class _Event:
    line: int
    cells: tuple[str, ...]
    at: int
    rank: float
    told: dict[str, int | None]
    snapshot: dict[str, Choice | None]
    changes: dict[str, Choice | None]
    before: dict[str, Choice | None] = field(default_factory=dict)
    actor: str = ""


class EventFolder:
    """Folds the rows of an event log."""

    def __init__(self, tools: Tools) -> None:
        """Make the readers once for the whole file."""
        mapping = tools.mapping
        self._tools = tools
        self._mapping = mapping
        self._event = tools.time(mapping.times.event)
        told = {name: tools.time(getattr(mapping.times, name)) for name in TOLD}
        self._told = {name: reader for name, reader in told.items() if reader is not None}
        self._fields = tools.values(mapping.fields)
        self._opening = tools.values(mapping.opening)
        self._rules = [
            (condition_test(rule.when, tools.index, mapping.file.missing), tools.values(rule.settings))
            for rule in mapping.events
        ]
        self._texts = tools.texts()
        self._actor = tools.value(mapping.actors.source) if mapping.actors.source else None
        self._opened_by = tools.value(mapping.actors.opened_by) if mapping.actors.opened_by else None
        self._order = (
            tools.index.get(mapping.rows.order) if mapping.rows.order not in {"time", "file"} else None
        )

    def fold(self, rows: RecordRows) -> Folded:
        """The record of these rows, and the rows that are no good."""
        faults: dict[int, RowFault] = {}
        events = self._readable(rows.rows, faults)
        opened_at = self._opened_at(events)
        if events and opened_at is None:
            return rejected(rows, faults, "no row of the record says when it was opened", "time_missing")
        if opened_at is not None:
            events = self._in_order(events, opened_at, faults)
        if not events or opened_at is None:
            return rejected(rows, faults, "no row of the record is usable", "record_unusable")
        if faults and self._mapping.rows.on_fault == "record":
            line = next(iter(faults))
            return rejected(rows, faults, f"the record's row on line {line} was rejected", "record_rejected")
        try:
            record = self._record(rows.key, events, opened_at)
        except RejectedValueError as error:
            faults[events[0].line] = error.fault(line=events[0].line, cells=events[0].cells)
            return rejected(rows, faults, f"the record cannot be opened: {error.reason}", "record_rejected")
        return folded(rows, record, faults)

    def _readable(self, rows: Sequence[Row], faults: dict[int, RowFault]) -> list[_Event]:
        events: list[_Event] = []
        for line, cells in rows:
            try:
                events.append(self._read(line, cells))
            except RejectedValueError as error:
                faults[line] = error.fault(line=line, cells=cells)
        return events

    def _read(self, line: int, cells: tuple[str, ...]) -> _Event:
        at = self._event.read(cells) if self._event else None
        if at is None:
            column = self._event.column if self._event else None
            raise RejectedValueError(
                column=column, value="", reason="the row has no time", code="time_missing"
            )
        event = _Event(
            line=line,
            cells=cells,
            at=at,
            rank=self._rank(line, at, cells),
            told={name: reader.read(cells) for name, reader in self._told.items()},
            snapshot=read_settings(self._fields, cells),
            changes={},
            actor=self._acting(cells),
        )
        self._apply_rules(event)
        return event

    def _apply_rules(self, event: _Event) -> None:
        matched = False
        for test, readers in self._rules:
            if not test(event.cells):
                continue
            matched = True
            event.changes.update(read_settings(readers, event.cells))
            self._note_before(event, readers)
        self._note_before(event, self._fields)
        if self._rules and not matched and self._mapping.rows.unmatched == "reject":
            reason = "no rule under 'events' fits this row"
            raise RejectedValueError(column=None, value=None, reason=reason, code="event_unknown")

    @staticmethod
    def _note_before(event: _Event, readers: Sequence[ValueReader]) -> None:
        for reader in readers:
            value = reader.read_before(event.cells)
            if value is not UNCHANGED:
                event.before[reader.attribute] = value

    def _rank(self, line: int, at: int, cells: Sequence[str]) -> float:
        if self._mapping.rows.order == "time":
            return at
        if self._order is None:
            return line
        cell = cells[self._order]
        try:
            return float(cell)
        except ValueError:
            column = self._mapping.rows.order
            reason = f"{cell!r} is no number to order the rows by"
            raise RejectedValueError(
                column=column, value=cell, reason=reason, code="order_unreadable"
            ) from None

    def _acting(self, cells: Sequence[str]) -> str:
        value = self._actor.read(cells) if self._actor else UNCHANGED
        return "" if value is UNCHANGED or value is None else str(value)

    def _opened_at(self, events: list[_Event]) -> int | None:
        events.sort(key=lambda event: (event.rank, event.line))
        told = next((at for event in events if (at := event.told.get("opened")) is not None), None)
        if told is None and events and self._mapping.times.opened.missing == "first_event":
            return min(event.at for event in events)
        return told

    def _in_order(self, events: list[_Event], opened_at: int, faults: dict[int, RowFault]) -> list[_Event]:
        """The events whose time is not before the opening or before the event they follow."""
        clamp = self._mapping.rows.backwards == "clamp"
        kept: list[_Event] = []
        earliest, what = opened_at, "the opening of the record"
        for event in events:
            ends = [at for name, at in event.told.items() if at is not None and name != "opened"]
            if not clamp and any(at < opened_at for at in ends):
                name = next(name for name, at in event.told.items() if at is not None and at < opened_at)
                reader: TimeReader | None = self._told[name]
                fault = f"{name} lies before the opening of the record"
            elif event.at < earliest and not clamp:
                reader = self._event
                fault = f"the time lies before {what}"
            else:
                event.at = max(event.at, earliest)
                earliest, what = event.at, f"the row on line {event.line} that comes first"
                kept.append(event)
                continue
            value = reader.text(event.cells) if reader else None
            error = backwards(reader.column if reader else "", value, fault)
            faults[event.line] = error.fault(line=event.line, cells=event.cells)
        return kept

    def _record(self, key: str, events: list[_Event], opened_at: int) -> HistoricRecord:
        texts: dict[str, str] = {}
        for event in events:
            texts = self._texts(event.cells) | texts
            if len(texts) == len(self._mapping.texts):
                break
        requester = texts.get("requester", "")
        steps = [self._opening_step(events, opened_at, requester)]
        steps += [Step(event.at, event.actor, event.snapshot | event.changes) for event in events]
        changes_only(steps)
        for name, states in (("resolved", frozenset({"resolved"})), ("closed", frozenset(FINAL_STATES))):
            told = next((at for event in reversed(events) if (at := event.told.get(name)) is not None), None)
            if told is not None:
                pin_state(steps, states=states, at=told)
        responded = next((at for event in events if (at := event.told.get("responded")) is not None), None)
        if responded is not None:
            insert_step(steps, Step(max(responded, opened_at), "", {"comment": FIRST_RESPONSE}))
        counters, verdicts = self._tools.claims(events[-1].cells)
        return HistoricRecord(
            external_reference=key,
            title=texts.get("title", "") or key,
            description=texts.get("description", ""),
            requester=requester,
            opened_at=opened_at,
            entries=entries_of(steps, actors=self._mapping.actors, requester=requester),
            counters_claimed=counters,
            verdicts_claimed=verdicts,
        )

    def _opening_step(self, events: list[_Event], opened_at: int, requester: str) -> Step:
        first = events[0]
        facts: dict[str, Choice | None] = {"state": "new"}
        facts |= {name: value for name, value in first.snapshot.items() if name not in NOT_AT_OPENING}
        known: set[str] = set()
        for event in events:
            for name, value in event.before.items():
                if name not in known:
                    facts[name] = value
            known |= event.before.keys() | event.changes.keys()
        facts |= read_settings(self._opening, first.cells)
        opener = self._opened_by.read(first.cells) if self._opened_by else UNCHANGED
        actor = (requester or first.actor) if opener is UNCHANGED or opener is None else str(opener)
        return Step(opened_at, actor, {name: value for name, value in facts.items() if value is not None})
