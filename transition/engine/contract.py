"""What a mapping's own targets and calendars say of a record that was read: clocks without a database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from calendars.engine import CalendarVersions, parse_calendar, working_time
from sla.engine import Change, Clock, TargetBook, TargetDefinition, Timeline, compute_clocks, timeline
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
    "cancelled": "cancelled",
}
RECORD_KIND = "incident"


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
        history = self.timeline(record=record)
        return compute_clocks(timeline=history, definitions=self.book, calendars=self.calendars, now=now)

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


def contract_of(*, mapping: HistoryMapping) -> Contract:
    """The contract that ``mapping`` describes, in force at all times."""
    definitions = [_definition(target, order) for order, target in enumerate(mapping.targets)]
    calendars = {
        code: CalendarVersions([(0, working_time(parse_calendar(calendar.definition)))])
        for code, calendar in mapping.calendars.items()
    }
    return Contract(mapping, TargetBook(definitions), calendars)


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
        created_order=order,
    )
