"""Lives of incidents within a week, with the clocks and custody that the product's own engine computes for them.

A tenant has some hundred patterns; the bulk loader copies each many times, moved by whole weeks.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from bench.world import MATRIX, QUEUES, World
from catalogue.models import Service
from people.models import Membership, SupportGroup
from people.public import Actor, actor_of_person, get_tenant
from records.models import AuditEntry, Record
from records.public import fact, plain
from records.services.entries import build_entry
from reporting.services.refresh import contributions, group_providers
from sla.models import Clock, Hold
from sla.services.book import definitions
from sla.services.history import seconds, timeline_of
from sla.services.measure import Header, measured_from
from sla.services.project import build_clocks, build_holds

# A Monday; patterns lie in the week that it begins.
WEEK = datetime(2024, 1, 1, tzinfo=UTC)
# By then all that a pattern promises has fallen due, if it ever does; the loader takes back what lies ahead of a copy.
_LATER = WEEK + timedelta(weeks=12)
# One in five is live, as in the peers' corpus.
ENDINGS = (("new", 6), ("in_progress", 10), ("pending_requester", 4), ("resolved", 20), ("closed", 60))
_COLUMNS = {"service": "service_id", "support_group": "support_group_id", "provider": "provider_id"} | {
    "assignee": "assignee_id",
    "requester": "requester_id",
    "affected_user": "affected_user_id",
    "organisation": "organisation_id",
}


@dataclass
class Pattern:
    """One life: the header at its end, its audit, who spoke when, who held it, its clocks, custody and figures."""

    record: Record
    impact: int
    urgency: int
    category_id: UUID
    entries: list[AuditEntry] = field(default_factory=list)
    comments: list[tuple[int, Actor, datetime]] = field(default_factory=list)
    parties: dict[UUID, datetime] = field(default_factory=dict)
    clocks: list[Clock] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    facts: list[tuple[Any, ...]] = field(default_factory=list)


def patterns(world: World, count: int) -> Iterator[Pattern]:
    """So many patterns of a tenant. Call inside the tenant."""
    chance = random.Random(world.tenant_id)  # noqa: S311  made-up lives
    held = definitions()
    zone, groups = get_tenant(world.tenant_id).time_zone, group_providers()
    actors: dict[UUID, Actor] = {}

    def actor(member: Membership, door: str) -> Actor:
        if member.pk not in actors:
            found = actor_of_person(member.person_id, tenant_id=world.tenant_id, door=door)
            if found is None:
                raise RuntimeError(f"{member.email} is no member")
            actors[member.pk] = found
        return actors[member.pk]

    for number in range(count):
        life = _Life(world, chance, world.requesters[number % len(world.requesters)])
        life.live(actor)
        pattern = life.pattern
        line = timeline_of(pattern.record, pattern.entries, held.parents)
        pattern.clocks = build_clocks(pattern.record, line, held, seconds(pattern.entries[-1].at))
        pattern.holds = build_holds(pattern.record, line)
        # The record has all that a header has.
        measured = measured_from(cast("Header", pattern.record), pattern.entries, held, seconds(_LATER))
        pattern.facts = contributions(measured, zone=zone, groups=groups, now=_LATER)
        yield pattern


class _Life:
    def __init__(self, world: World, chance: random.Random, requester: Membership) -> None:
        self.world, self.chance, self.requester = world, chance, requester
        impact, urgency = chance.choices((1, 2, 3, 4), (3, 12, 60, 25))[0], chance.randint(1, 4)
        service: Service = chance.choice(world.services)
        self.at = WEEK + timedelta(days=chance.randint(0, 4), seconds=chance.randint(7 * 3600, 19 * 3600))
        desk = world.groups[0]
        record = Record(
            tenant_id=world.tenant_id,
            kind="incident",
            state="new",
            phase="open",
            priority=MATRIX[(impact - 1) * 4 + urgency - 1],
            service_id=service.pk,
            requester_id=requester.pk,
            affected_user_id=requester.pk,
            organisation_id=requester.organisation_id,
            support_group_id=desk.pk,
            provider_id=desk.provider_id,
            opened_at=self.at,
            updated_at=self.at,
            version=0,
        )
        self.pattern = Pattern(record, impact, urgency, chance.choice(world.categories).pk)

    def live(self, actor: Any) -> None:
        """From raising to how far it came."""
        chance, record = self.chance, self.pattern.record
        ending = chance.choices([name for name, _ in ENDINGS], [weight for _, weight in ENDINGS])[0]
        reporter = actor(self.requester, "portal")
        self._raise(reporter)
        group = chance.choices(self.world.groups, [weight for _, _, weight in QUEUES])[0]
        if ending == "new":
            # Suppliers have new ones too: the desk passed them on and nobody took them.
            if group.code != "service-desk":
                self._wait(0.1, 2)
                self._step(
                    actor(self._agent("service-desk"), "desk"),
                    "assign",
                    self._to(group) | {"state": "assigned"},
                )
            self._wait(0.1, 4)
            self._step(reporter, "comment", {}, speaks=True)
            return
        agent = self._agent(group.code)
        self._wait(0.05, 3)
        desk = actor(self._agent("service-desk"), "desk")
        self._step(desk, "assign", self._to(group) | {"state": "assigned", "assignee": agent.pk})
        self._wait(0.05, 4)
        worker = actor(agent, "desk")
        if ending == "pending_requester":
            self._step(worker, "pend_requester", {"state": "pending_requester"}, speaks=True)
            return
        self._step(worker, "start", {"state": "in_progress"})
        self._wait(0.1, 20)
        if ending == "in_progress":
            self._step(worker, "comment", {}, speaks=True)
            return
        self._step(worker, "resolve", {"state": "resolved"}, speaks=True)
        record.resolved_at = self.at
        if ending == "closed":
            self.at += timedelta(days=7)
            self._step(worker, "close", {"state": "closed"})
            record.closed_at = self.at

    def _raise(self, reporter: Actor) -> None:
        record, pattern = self.pattern.record, self.pattern
        names = ("state", "priority", *_COLUMNS)
        values = {name: getattr(record, _COLUMNS.get(name, name)) for name in names}
        facts = {name: fact(None, plain(value)) for name, value in values.items() if value is not None}
        facts |= {
            "impact": fact(None, pattern.impact),
            "urgency": fact(None, pattern.urgency),
            "category": fact(None, pattern.category_id),
        }
        self._enter(reporter, "raise", facts)
        pattern.parties[self.world.groups[0].provider_id] = self.at

    def _step(self, actor: Actor, verb: str, changes: dict[str, Any], *, speaks: bool = False) -> None:
        record = self.pattern.record
        facts: dict[str, Any] = {}
        for name, value in changes.items():
            column = _COLUMNS.get(name, name)
            if getattr(record, column) != value:
                facts[name] = fact(plain(getattr(record, column)), plain(value))
                setattr(record, column, value)
        record.phase = {"pending_requester": "pending", "resolved": "resolved", "closed": "closed"}.get(
            record.state, "open"
        )
        if speaks:
            self.pattern.comments.append((record.version + 1, actor, self.at))
            facts["comment"] = ""  # the loader writes the comment's key
        self._enter(actor, verb, facts)
        if "provider" in facts:
            self.pattern.parties.setdefault(changes["provider"], self.at)

    def _enter(self, actor: Actor, verb: str, facts: dict[str, Any]) -> None:
        record = self.pattern.record
        record.version += 1
        record.updated_at = self.at
        self.pattern.entries.append(
            build_entry(
                record=record,
                version=record.version,
                actor=actor,
                at=self.at,
                verb=f"incident:{verb}",
                facts=facts,
            )
        )

    def _to(self, group: SupportGroup) -> dict[str, Any]:
        return {"support_group": group.pk, "provider": group.provider_id}

    def _agent(self, group: str) -> Membership:
        return self.chance.choice(self.world.agents[group])

    def _wait(self, least: float, most: float) -> None:
        self.at += timedelta(seconds=self.chance.randint(int(least * 3600), int(most * 3600)))
