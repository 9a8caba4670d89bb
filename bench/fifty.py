"""A made-up incident of fifty audit entries: seven rounds of assign, start, talk, wait and resume."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from calendars.engine import WorkingTime, parse_calendar, working_time
from sla.engine.targets import TargetDefinition

ENTRIES = 50
_ROUNDS = 7
_HOURS = [["08:00", "12:00"], ["13:00", "18:00"]]


class Entry(NamedTuple):
    """The columns of an audit entry that a history is made of."""

    version: int
    at: datetime
    verb: str
    actor_kind: str
    actor_id: UUID
    actor_name: str
    facts: dict[str, Any]


class _Life:
    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.at = datetime(2026, 3, 2, 9, 3, tzinfo=UTC)
        self.people = [uuid4() for _ in range(5)]

    def step(self, verb: str, hours: float, who: int, **facts: Any) -> None:
        """The next entry, so many hours after the last."""
        self.at += timedelta(hours=hours)
        told = {name: [None, value] for name, value in facts.items()}
        entry = Entry(
            len(self.entries) + 1,
            self.at,
            f"incident:{verb}",
            "member",
            self.people[who],
            "X",
            told,
        )
        self.entries.append(entry)


class Subject(NamedTuple):
    """Whose history it is."""

    kind: str
    requester_id: UUID


def life() -> tuple[Subject, list[Entry]]:
    """The record and its entries, which cross nights, weekends and the change to summer time."""
    told = _Life()
    groups, providers = [str(uuid4()) for _ in range(4)], [str(uuid4()) for _ in range(3)]
    requester = str(told.people[0])
    told.step(
        "raise",
        0,
        0,
        state="new",
        priority=3,
        service=str(uuid4()),
        organisation=str(uuid4()),
        support_group=groups[0],
        provider=providers[0],
        requester=requester,
        title="It does not start",
        impact=3,
        urgency=3,
        category=str(uuid4()),
    )
    for turn in range(_ROUNDS):
        agent = 1 + turn % 4
        told.step(
            "assign",
            50,
            1,
            state="assigned",
            support_group=groups[turn % 4],
            provider=providers[turn % 3],
            assignee=str(told.people[agent]),
        )
        told.step("start", 0.4, agent, state="in_progress")
        told.step("comment", 0.9, agent, comment=str(uuid4()))
        told.step("note", 0.3, agent, note=str(uuid4()))
        told.step("pend_requester", 0.2, agent, state="pending_requester", comment=str(uuid4()))
        told.step("comment", 26, 0, comment=str(uuid4()))
        told.step("resume", 0.1, agent, state="in_progress")
    return Subject("incident", told.people[0]), told.entries[:ENTRIES]


def calendar() -> WorkingTime:
    """Weekdays with a lunch break, in London."""
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _HOURS)
    return working_time(parse_calendar({"zone": "Europe/London", "weekly": week}))


def target() -> TargetDefinition:
    """Resolution in sixteen of those hours, the wait for the requester not counted."""
    return TargetDefinition(
        id="t",
        code="r3",
        kind="sla",
        metric="resolution",
        duration=16 * 3600,
        calendar="c",
        pause_on=frozenset({"pending_requester"}),
        scope={"priority": frozenset({3})},
    )
