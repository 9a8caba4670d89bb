"""What a mapping's own targets and calendars say of a record that was read: clocks without a database."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from calendars.engine import CalendarVersions, parse_calendar, working_time
from sla.engine import Change, Clock, TargetBook, TargetDefinition, Timeline, compute_clocks, hops, timeline
from transition.engine.agreement import Outcome
from transition.engine.history import HistoricEntry, HistoricRecord
from transition.engine.mapping import HistoryMapping, Target
from transition.engine.parse_mapping import provider_of

PHASES: Mapping[str, str] = {
    "new": "open",
    "assigned": "open",
    "in_progress": "open",
    "pending_requester": "pending",
    "pending_provider": "pending",
    "pending_change": "pending",
    "resolved": "resolved",
    "closed": "closed",
    "cancelled": "closed",
}
RECORD_KIND = "incident"
# What happens at a clock's points judges nothing.
_MOVES_NOTHING = frozenset({"escalations"})
_LATER = "pause_until"
ENDED_OTHERWISE = frozenset({"superseded", "cancelled"})


@dataclass(frozen=True, slots=True)
class Contract:
    """The targets and calendars of one mapping, ready to measure many records."""

    mapping: HistoryMapping
    book: TargetBook
    calendars: Mapping[str, CalendarVersions]

    def timeline(self, *, record: HistoricRecord) -> Timeline:
        """The record's life as the service level engine sees it."""
        return timeline(self._changes(record.entries))

    def clocks(self, *, record: HistoricRecord, now: int) -> tuple[Clock, ...]:
        """The record's clocks as they stand at ``now`` (UTC epoch seconds)."""
        return self._measure(self.timeline(record=record), now)

    def outcome(self, *, record: HistoricRecord, now: int) -> Outcome:
        """What clocks and entries say of the record at ``now`` (UTC epoch seconds)."""
        line = self.timeline(record=record)
        clocks = [clock for clock in self._measure(line, now) if clock.state not in ENDED_OTHERWISE]
        verdicts = {clock.code: clock.met for clock in sorted(clocks, key=lambda clock: clock.matched_at)}
        return Outcome(
            verdicts=verdicts,
            last=last_verdict([(clock.kind, clock.metric, clock.matched_at, clock.met) for clock in clocks]),
            reassignments=hops(timeline=line),
            reopenings=sum(entry.verb == "reopen" for entry in record.entries),
        )

    def _measure(self, line: Timeline, now: int) -> tuple[Clock, ...]:
        return compute_clocks(timeline=line, definitions=self.book, calendars=self.calendars, now=now)

    def _changes(self, entries: Iterable[HistoricEntry]) -> Iterable[Change]:
        for seq, entry in enumerate(entries):
            facts = dict(entry.facts)
            if seq == 0:
                facts["kind"] = RECORD_KIND
            if "state" in facts:
                facts["phase"] = PHASES[str(facts["state"])]
            if "support_group" in facts:
                group = facts["support_group"]
                facts["provider"] = (
                    provider_of(mapping=self.mapping, support_group=str(group)) if group else None
                )
            yield Change(entry.at, seq, facts, entry.verb, human=entry.actor_kind == "agent")


def last_verdict(clocks: Iterable[tuple[str, str, int, bool | None]]) -> bool | None:
    """The verdict of the target that applied last, of ``(kind, metric, matched at, met)``.

    A promise to the user counts before one between parties, and a resolution before any other metric: that is
    what a system means which keeps one verdict for a record.
    """
    ranked = sorted(clocks, key=lambda clock: (clock[0] == "sla", clock[1] == "resolution", clock[2]))
    return ranked[-1][3] if ranked else None


def contract_of(*, mapping: HistoryMapping) -> Contract:
    """The contract that ``mapping`` describes, in force at all times."""
    definitions = [_definition(target, order) for order, target in enumerate(mapping.targets)]
    calendars = {
        code: CalendarVersions([(0, working_time(parse_calendar(calendar.definition)))])
        for code, calendar in mapping.calendars.items()
    }
    return Contract(mapping, TargetBook(definitions), calendars)


def contract_fingerprint(*, mapping: HistoryMapping) -> str:
    """SHA-256 over calendars, targets and providers: what verdicts depend on besides the history itself."""
    calendars = sorted((code, repr(_plain(each.definition))) for code, each in mapping.calendars.items())
    targets = [[(name, _plain(value)) for name, value in _terms(target)] for target in mapping.targets]
    return hashlib.sha256(repr((calendars, targets, mapping.providers)).encode()).hexdigest()


def _terms(target: Target) -> Iterable[tuple[str, object]]:
    """The terms that move a clock, with those that came later only where they are used: an import goes on after."""
    for field in fields(target):
        value = getattr(target, field.name)
        if field.name not in _MOVES_NOTHING and (field.name != _LATER or value):
            yield field.name, value


def _plain(value: object) -> object:
    """The value with everything that has no order put into one."""
    if isinstance(value, Mapping):
        return sorted((str(key), _plain(each)) for key, each in value.items())
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    return value


def _definition(target: Target, order: int) -> TargetDefinition:
    return TargetDefinition(
        id=target.code,
        code=target.code,
        kind=target.kind,
        metric=target.metric,
        duration=target.duration_s,
        calendar=target.calendar,
        scope=target.applies_to,
        start_on=target.start,
        stop_on=target.stop,
        pause_on=target.pause,
        warn_at=target.warn_at,
        cumulative=target.cumulative,
        pause_until=target.pause_until,
        created_order=order,
    )
