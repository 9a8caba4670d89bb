"""Writing definitions: who may, what is refused and beside which term, and that nobody overwrites another's."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from calendars.models import CalendarVersion
from incidents.public import Report, raise_incident
from lifecycle.public import ForbiddenError, StaleVersionError
from people.public import Actor
from records.models import Record
from sla.models import PromiseAcceptance, Target, TargetVersion
from sla.services.define import TargetTerms, define_target
from sla.services.edit_calendar import CalendarDraft, add_calendar_version, create_calendar
from sla.services.edit_target import TargetDraft, add_target_version, create_target, preview_target
from sla.services.promises import PromiseCannotBeKeptError
from sla.services.versions import DefinitionError
from tenancy.engine.scope import tenant_scope
from tests.sla.parts import Workshop
from tests.support.world import OFFICE_HOURS, World, build_world

pytestmark = pytest.mark.django_db

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
TUESDAY_NOON = MONDAY_TEN + timedelta(hours=26)
LUNCH = OFFICE_HOURS | {
    "weekly": {day: [["09:00", "12:00"], ["14:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
}


@pytest.fixture
def world() -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        yield built


@pytest.fixture
def definer(world: World) -> Actor:
    return world.actor(world.administrator)


def raise_at(world: World, at: datetime, **report: Any) -> Record:
    agent = world.actor(world.agent)
    return raise_incident(report=Report(title="x", service="email", **report), actor=agent, at=at)


@pytest.mark.parametrize("who", ["agent", "engineer", "user"])
def test_who_may_not_define_is_refused(world: World, who: str) -> None:
    actor = world.actor(getattr(world, who))
    draft = TargetDraft(terms={"duration": 60}, effective_from=TUESDAY_NOON)
    target = Target.objects.get(code="response")
    for call in (preview_target, add_target_version):
        with pytest.raises(ForbiddenError):
            call(target=target, draft=draft, actor=actor, at=MONDAY_TEN)
    assert TargetVersion.objects.filter(target=target).count() == 1


@pytest.mark.parametrize(
    ("definition", "field"),
    [
        ({"zone": "Europe/London", "weekly": {}}, "weekly"),
        (
            {"zone": "Europe/London", "weekly": {}, "exceptions": {"2026-12-01": [["09:00", "10:00"]]}},
            "weekly",
        ),
        ({"zone": "Europe/London"}, "weekly"),
        ({"zone": "Europe/London", "weekly": {"mon": [["09:00", "09:00"]]}}, "weekly.mon[0]"),
        (
            {"zone": "Europe/London", "weekly": {"mon": [["09:00", "12:00"], ["11:00", "13:00"]]}},
            "weekly.mon",
        ),
        ({"zone": "Nowhere/Land", "always": True}, "zone"),
        ({"zone": "Europe/London", "always": True, "weekly": {"mon": [["09:00", "12:00"]]}}, "weekly"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_by_field(
    world: World, definer: Actor, definition: dict[str, Any], field: str
) -> None:
    draft = CalendarDraft(definition=definition, effective_from=TUESDAY_NOON)
    with pytest.raises(DefinitionError) as refused:
        create_calendar(code="odd", name="Odd", draft=draft, actor=definer, at=MONDAY_TEN)
    assert list(refused.value.fields) == [field]
    assert CalendarVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("effective_from", "words"),
    [
        (datetime(2010, 1, 1, tzinfo=UTC), "There was nothing here before"),
        (datetime(2045, 1, 1, tzinfo=UTC), "more than ten years"),
        (datetime(2015, 1, 1, tzinfo=UTC), "Another version holds from the same time"),
    ],
)
def test_a_version_holds_from_a_time_that_can_be(
    world: World, definer: Actor, effective_from: datetime, words: str
) -> None:
    raise_at(world, datetime(2014, 6, 1, 9, tzinfo=UTC))
    draft = CalendarDraft(definition=LUNCH, effective_from=effective_from)
    now = datetime(2015, 1, 10, tzinfo=UTC)
    with pytest.raises(DefinitionError) as refused:
        add_calendar_version(calendar=world.calendar, draft=draft, actor=definer, at=now)
    assert words in refused.value.fields["effective_from"]


def test_a_target_longer_than_its_calendar_can_hold_is_refused(world: World, definer: Actor) -> None:
    once = {"zone": "Europe/London", "weekly": {"mon": [["09:00", "09:01"]]}}
    create_calendar(
        code="once",
        name="Once",
        draft=CalendarDraft(definition=once, effective_from=TUESDAY_NOON),
        actor=definer,
        at=TUESDAY_NOON,
    )
    draft = TargetDraft(terms={"duration": 3_000_000, "calendar": "once"}, effective_from=TUESDAY_NOON)
    with pytest.raises(DefinitionError) as refused:
        add_target_version(
            target=Target.objects.get(code="response"), draft=draft, actor=definer, at=TUESDAY_NOON
        )
    assert list(refused.value.fields) == ["duration"]


def test_every_wrong_term_is_named_at_once(world: World, definer: Actor) -> None:
    terms = {
        "kind": "sla",
        "metric": "resolution",
        "duration": 0,
        "calendar": "none",
        "scope": {"service": ["none"]},
        "stop_on": ["nowhere"],
        "pause_on": ["responded:comment"],
    }
    draft = TargetDraft(terms=terms, effective_from=TUESDAY_NOON)
    with pytest.raises(DefinitionError) as refused:
        create_target(code="odd", name="Odd", draft=draft, actor=definer, at=MONDAY_TEN)
    assert set(refused.value.fields) == {"duration", "calendar", "scope.service", "stop_on", "pause_on"}
    assert not Target.objects.filter(code="odd").exists()


def test_the_second_of_two_is_told(world: World, definer: Actor) -> None:
    target = Target.objects.get(code="response")
    later = MONDAY_TEN + timedelta(days=3)
    one = TargetDraft(terms={"duration": 60}, effective_from=later)
    other = TargetDraft(terms={"duration": 90}, effective_from=later + timedelta(hours=1))
    add_target_version(target=target, draft=one, actor=definer, at=MONDAY_TEN, seen_version=1)
    with pytest.raises(StaleVersionError) as refused:
        add_target_version(target=target, draft=other, actor=definer, at=MONDAY_TEN, seen_version=1)
    assert (refused.value.seen, refused.value.current) == (1, 2)
    assert TargetVersion.objects.filter(target=target).count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_saved() -> None:
    world = build_world()
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def save(minutes: int) -> None:
        try:
            with tenant_scope(world.tenant.pk, actor="system:test"):
                definer = world.actor(world.administrator)
                draft = TargetDraft(
                    terms={"duration": 60 * minutes}, effective_from=TUESDAY_NOON + timedelta(minutes=minutes)
                )
                target = Target.objects.get(code="response")
                start.wait(10)
                add_target_version(target=target, draft=draft, actor=definer, at=MONDAY_TEN, seen_version=1)
                outcomes.append("saved")
        except StaleVersionError:
            outcomes.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(minutes,)) for minutes in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["saved", "stale"]
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert TargetVersion.objects.filter(target__code="response").count() == 2


def test_terms_that_are_not_given_stay(world: World, definer: Actor) -> None:
    define_target(
        code="ours",
        name="Ours",
        terms=TargetTerms(
            kind="ola",
            metric="resolution",
            duration=60,
            calendar=world.calendar,
            scope={"origin": ["history"]},
            is_cumulative=False,
        ),
        effective_from=MONDAY_TEN,
    )
    target = Target.objects.get(code="ours")
    draft = TargetDraft(terms={"duration": 90}, effective_from=TUESDAY_NOON)
    add_target_version(target=target, draft=draft, actor=definer, at=TUESDAY_NOON)
    newest = TargetVersion.objects.filter(target=target).latest("effective_from")
    assert (newest.duration, newest.kind, newest.is_cumulative) == (90, "ola", False)
    assert newest.scope == {"origin": ["history"]}


def test_a_promise_that_the_parts_cannot_keep_needs_a_reason(world: World, definer: Actor) -> None:
    """Eight hours on a live service whose only part is repaired in twelve."""
    shop = Workshop(world, definer)
    service = shop.service("ledger", stage="live")
    shop.component("database", resolution=12)
    shop.serial(service, "database")
    terms = {
        "kind": "sla",
        "metric": "resolution",
        "duration": 8 * 3600,
        "calendar": "office",
        "scope": {"service": ["ledger"]},
    }
    start = TUESDAY_NOON + timedelta(days=1)
    with pytest.raises(PromiseCannotBeKeptError) as refused:
        create_target(
            code="ledger",
            name="Ledger",
            draft=TargetDraft(terms=terms, effective_from=start),
            actor=definer,
            at=TUESDAY_NOON,
        )
    assert "Database" in refused.value.fields["accepted_because"]
    assert not Target.objects.filter(code="ledger").exists()
    accepted = TargetDraft(
        terms=terms, effective_from=start, accepted_because="The contract is being renewed."
    )
    create_target(code="ledger", name="Ledger", draft=accepted, actor=definer, at=TUESDAY_NOON)
    assert PromiseAcceptance.objects.get(service=service).reason == "The contract is being renewed."
