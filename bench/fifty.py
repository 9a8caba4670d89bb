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

    record_id: UUID | None
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
            None,
            len(self.entries) + 1,
            self.at,
            f"incident:{verb}",
            "member",
            self.people[who],
            "X",
            told,
        )
        self.entries.append(entry)


def entries() -> tuple[str, list[Entry]]:
    """The requester, and the entries. They cross nights, weekends and the change to summer time."""
    life = _Life()
    groups, providers = [str(uuid4()) for _ in range(4)], [str(uuid4()) for _ in range(3)]
    requester = str(life.people[0])
    life.step(
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
        life.step(
            "assign",
            50,
            1,
            state="assigned",
            support_group=groups[turn % 4],
            provider=providers[turn % 3],
            assignee=str(life.people[agent]),
        )
        life.step("start", 0.4, agent, state="in_progress")
        life.step("comment", 0.9, agent, comment=str(uuid4()))
        life.step("note", 0.3, agent, note=str(uuid4()))
        life.step("pend_requester", 0.2, agent, state="pending_requester", comment=str(uuid4()))
        life.step("comment", 26, 0, comment=str(uuid4()))
        life.step("resume", 0.1, agent, state="in_progress")
    return requester, life.entries[:ENTRIES]


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
