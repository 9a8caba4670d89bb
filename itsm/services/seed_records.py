"""Incidents of the last days for the demonstration, each lived through the real services with times of its own."""

import random
from datetime import datetime, timedelta

from incidents.public import Report, assign, comment, get_incident, note, pend, raise_incident, resolve, take
from itsm.services.demo_world import REPORTS, Demo
from people.public import Actor, actor_of_person, find_member
from tenancy.engine.scope import tenant_scope

COUNT = 42


def seed_records(demo: Demo, *, tenant_id: int, people: dict[str, str], now: datetime) -> int:
    """Raise and work incidents over the ten days before `now` (UTC); returns how many."""
    dice = random.Random(demo.code)  # noqa: S311  the same queues every time
    services = {offer.code: offer for offer in demo.services}
    with tenant_scope(tenant_id, actor="system:seed"):
        users = [_actor(tenant_id, people[key], "portal") for key in people if key.startswith("end-user")]
        desk = _actor(tenant_id, people["service-desk"], "desk")
        for number in range(COUNT):
            title, description, service, impact, urgency = REPORTS[number % len(REPORTS)]
            if service not in services:
                service = dice.choice(sorted(services))
            at = now - timedelta(minutes=int((1 - number / COUNT) ** 2 * 14_000) + dice.randint(1, 40))
            report = Report(
                title=title, description=description, service=service, impact=impact, urgency=urgency
            )
            user = dice.choice(users)
            record = raise_incident(report=report, actor=user, at=at)
            _live(record.number, desk, user, services[service].group, at, now, dice=dice)
    return COUNT


def _live(
    number: str, desk: Actor, user: Actor, group: str, at: datetime, now: datetime, *, dice: random.Random
) -> None:
    """What the desk did with one incident, as far as it happened before now."""

    def later(low: int, high: int) -> datetime:
        nonlocal at
        at += timedelta(minutes=dice.randint(low, high))
        return at

    age = (now - at).total_seconds() / 60
    fate = dice.random()
    if age < 45 or later(2, 20) > now:
        return
    record = get_incident(desk, number)
    if fate < 0.55:
        assign(record=record, support_group=group, work_note="Looks like theirs.", actor=desk, at=at)
    else:
        take(record=record, actor=desk, at=at)
    if fate < 0.75 and later(15, 60) < now and record.assignee_id:
        pend(record=record, waiting_for="requester", comment="Which office are you in?", actor=desk, at=at)
        if dice.random() < 0.6 and later(20, 200) < now:
            comment(record=record, body="In the Leeds office.", actor=user, at=at)
    if dice.random() < 0.4 and later(5, 40) < now:
        note(record=record, body="Seen twice this week; may be a known error.", actor=desk, at=at)
    if age > 4_000 and later(60, 900) < now:
        resolve(
            record=record,
            resolution_code="fixed",
            resolution="This works again. Please tell us if it does not for you.",
            actor=desk,
            at=at,
        )


def _actor(tenant_id: int, email: str, door: str) -> Actor:
    member = find_member(email)
    actor = actor_of_person(member.person_id, tenant_id=tenant_id, door=door) if member else None
    if actor is None:
        raise LookupError(f"{email} is no member here")
    return actor
