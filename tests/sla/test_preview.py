"""What a preview says is what saving does, and what saving does is what the audit says."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from calendars.models import CalendarVersion
from incidents.public import Report, raise_incident, resolve, take
from people.public import Actor
from records.models import Record
from records.public import get_record
from sla import engine
from sla.models import Clock, Target, TargetVersion
from sla.services.book import definitions
from sla.services.edit_calendar import CalendarDraft, add_calendar_version, preview_calendar
from sla.services.edit_target import TargetDraft, add_target_version, create_target, preview_target
from sla.services.history import seconds, steps_with, timeline_of
from sla.services.preview import SHOWN, Preview
from sla.services.replay import replay
from sla.services.versions import DefinitionError
from tenancy.engine.scope import tenant_scope
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


def some_records(world: World) -> list[Record]:
    """Twelve of them, an hour apart, every third one taken."""
    agent = world.actor(world.agent)
    records = [
        raise_at(world, MONDAY_TEN + timedelta(hours=number), impact=1 + number % 4, urgency=1 + number % 3)
        for number in range(12)
    ]
    for record in records[::3]:
        take(
            record=get_record(agent, record.number), actor=agent, at=record.opened_at + timedelta(minutes=90)
        )
    return records


def plainly(at: datetime) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    """Every promise on every open record, one by one from all of the audit, by what is in the database now."""
    held = definitions.holding(lambda _: False)
    found: dict[tuple[str, str, str], tuple[Any, ...]] = {}
    for record in Record.objects.filter(phase__in=("open", "pending")):
        history = timeline_of(record, steps_with(keys=[record.pk]), held.parents)
        clocks = engine.compute_clocks(
            timeline=history,
            definitions=list(engine_definitions()),
            calendars=held.calendars,
            now=seconds(at),
        )
        for clock in clocks:
            if clock.state in ("superseded", "cancelled"):
                continue
            judged = "breached" if clock.breached_at else "met" if clock.met else clock.state
            left = clock.remaining if clock.state == "paused" else None
            found[record.number, clock.kind, clock.metric] = (clock.due_at, judged, left)
    return found


def engine_definitions() -> list[engine.TargetDefinition]:
    held = definitions.holding(lambda _: False)
    return [each for chain in held.book.chains for each in chain.definitions]


def slowly(at: datetime, change: Any) -> set[tuple[str, str, str, Any, Any]]:
    """What a change of the definitions changes: make it, look, undo it."""
    before = plainly(at)
    with transaction.atomic():
        change()
        after = plainly(at)
        transaction.set_rollback(True)
    nothing = (None, "none", None)
    return {
        (*key, before.get(key, nothing), after.get(key, nothing))
        for key in before.keys() | after.keys()
        if before.get(key, nothing) != after.get(key, nothing)
    }


def told(preview: Preview) -> set[tuple[str, str, str, Any, Any]]:
    def plain(each: Any) -> tuple[Any, ...]:
        return (None if each.due_at is None else seconds(each.due_at), each.verdict, each.left)

    return {
        (each.number, each.kind, each.metric, plain(each.now), plain(each.then))
        for each in preview.changes.first
    }


def test_a_calendar_preview_says_what_recomputing_everything_says(world: World, definer: Actor) -> None:
    some_records(world)
    since = MONDAY_TEN + timedelta(hours=3)
    draft = CalendarDraft(definition=LUNCH, effective_from=since)
    preview = preview_calendar(calendar=world.calendar, draft=draft, actor=definer, at=TUESDAY_NOON)

    def change() -> None:
        CalendarVersion.objects.create(calendar=world.calendar, effective_from=since, definition=LUNCH)

    expected = slowly(TUESDAY_NOON, change)
    assert told(preview) == expected
    assert preview.changes.promises == len(expected) > 0
    assert preview.changes.records == len({number for number, *_ in expected})
    assert CalendarVersion.objects.filter(calendar=world.calendar).count() == 1


@pytest.mark.parametrize(
    "terms",
    [
        {"duration": 2 * 3600},
        {"duration": 20 * 3600, "scope": {"kind": ["incident"], "priority": [1, 2]}},
        {"pause_on": ["in_progress"]},
        {"stop_on": ["in_progress", "resolved"]},
        {"scope": {"service": ["email"], "support_group": ["network"]}},
        None,
    ],
)
def test_a_target_preview_says_what_recomputing_everything_says(
    world: World, definer: Actor, terms: dict[str, Any] | None
) -> None:
    some_records(world)
    since = MONDAY_TEN + timedelta(hours=2)
    target = Target.objects.get(code="resolution-rest")
    preview = preview_target(
        target=target, draft=TargetDraft(terms=terms, effective_from=since), actor=definer, at=TUESDAY_NOON
    )

    def change() -> None:
        latest = TargetVersion.objects.get(target=target)
        latest.pk = TargetVersion().pk
        latest.effective_from = since
        latest.is_retired = terms is None
        for name, value in (terms or {}).items():
            setattr(latest, name, value)
        if terms and "service" in terms.get("scope", {}):
            latest.scope = {
                "service": [str(world.service.pk)],
                "support_group": [str(world.network_group.pk)],
            }
        latest.save(force_insert=True)

    expected = slowly(TUESDAY_NOON, change)
    assert told(preview) == expected
    assert preview.changes.promises == len(expected) > 0


def test_only_fifty_are_shown_and_all_are_counted(world: World, definer: Actor) -> None:
    for number in range(SHOWN + 5):
        raise_at(world, MONDAY_TEN + timedelta(seconds=number))
    target = Target.objects.get(code="response")
    draft = TargetDraft(terms={"duration": 60}, effective_from=MONDAY_TEN)
    preview = preview_target(target=target, draft=draft, actor=definer, at=TUESDAY_NOON)
    assert len(preview.changes.first) == SHOWN
    assert (preview.changes.promises, preview.changes.records) == (SHOWN + 5, SHOWN + 5)


def test_a_version_from_later_on_changes_no_open_record(world: World, definer: Actor) -> None:
    raise_at(world, MONDAY_TEN)
    draft = TargetDraft(terms={"duration": 60}, effective_from=TUESDAY_NOON + timedelta(hours=1))
    preview = preview_target(
        target=Target.objects.get(code="response"), draft=draft, actor=definer, at=TUESDAY_NOON
    )
    assert preview.changes.promises == 0


def test_what_was_saved_is_what_the_audit_says_and_what_was_previewed(world: World, definer: Actor) -> None:
    some_records(world)
    draft = CalendarDraft(definition=LUNCH, effective_from=MONDAY_TEN)
    preview = preview_calendar(calendar=world.calendar, draft=draft, actor=definer, at=TUESDAY_NOON)
    rows = set(Clock.objects.values_list("pk", flat=True))
    add_calendar_version(calendar=world.calendar, draft=draft, actor=definer, at=TUESDAY_NOON, seen_version=1)
    assert [found for _, page in replay() for found in page] == []
    assert set(Clock.objects.values_list("pk", flat=True)) == rows
    assert preview.changes.first
    for each in preview.changes.first:
        if each.then.verdict == "running":
            clock = Clock.objects.get(
                record__number=each.number, metric=each.metric, kind=each.kind, state="running"
            )
            assert clock.due_at == each.then.due_at


def test_a_new_target_takes_over_open_records_from_when_it_holds(world: World, definer: Actor) -> None:
    some_records(world)
    take_over = {
        "kind": "sla",
        "metric": "resolution",
        "duration": 1800,
        "calendar": "office",
        "scope": {"service": ["email"], "kind": ["incident"], "priority": [1, 2, 3, 4, 5]},
    }
    draft = TargetDraft(terms=take_over, effective_from=MONDAY_TEN + timedelta(hours=1))
    preview = preview_target(target=None, code="vip", draft=draft, actor=definer, at=TUESDAY_NOON)
    assert {each.then.code for each in preview.changes.first} == {"vip"}
    create_target(code="vip", name="Vip", draft=draft, actor=definer, at=TUESDAY_NOON)
    assert [found for _, page in replay() for found in page] == []
    assert Clock.objects.filter(code="vip").count() == preview.changes.promises == 11


def test_what_finished_records_were_measured_by_stays(world: World, definer: Actor) -> None:
    agent = world.actor(world.agent)
    first, second = raise_at(world, MONDAY_TEN), raise_at(world, MONDAY_TEN + timedelta(hours=1))
    take(record=first, actor=agent, at=MONDAY_TEN + timedelta(minutes=5))
    resolve(
        record=first,
        resolution_code="fixed",
        resolution="x",
        actor=agent,
        at=MONDAY_TEN + timedelta(minutes=30),
    )
    target = Target.objects.get(code="resolution-rest")
    draft = TargetDraft(terms={"duration": 600}, effective_from=MONDAY_TEN)
    preview = preview_target(target=target, draft=draft, actor=definer, at=TUESDAY_NOON)
    assert preview.free_from == MONDAY_TEN + timedelta(seconds=1)
    stored = list(Clock.objects.order_by("pk").values())
    with pytest.raises(DefinitionError) as refused:
        add_target_version(target=target, draft=draft, actor=definer, at=TUESDAY_NOON)
    assert "2026-11-16 10:01 " in refused.value.fields["effective_from"]
    assert list(Clock.objects.order_by("pk").values()) == stored
    assert TargetVersion.objects.filter(target=target).count() == 1
    free = TargetDraft(terms={"duration": 600}, effective_from=preview.free_from)
    add_target_version(target=target, draft=free, actor=definer, at=TUESDAY_NOON)
    assert Clock.objects.get(record=second, metric="resolution").duration == 600
    assert [found for _, page in replay() for found in page] == []


def test_nothing_is_told_twice_and_a_new_breach_is_told(world: World, definer: Actor) -> None:
    record = raise_at(world, MONDAY_TEN)
    clock = Clock.objects.get(record=record, metric="resolution")
    Clock.objects.filter(pk=clock.pk).update(
        told_at=clock.fire_at[0], fire_at=clock.fire_at[1:], fire_percent=clock.fire_percent[1:]
    )
    target = Target.objects.get(code=clock.code)
    draft = TargetDraft(terms={"duration": 3600}, effective_from=MONDAY_TEN)
    add_target_version(target=target, draft=draft, actor=definer, at=TUESDAY_NOON)
    again = Clock.objects.get(pk=clock.pk)
    assert again.told_at == clock.fire_at[0]
    assert again.fire_percent == [100]
    assert again.next_fire_at == MONDAY_TEN + timedelta(hours=1)


def test_records_of_others_are_not_previewed(world: World, definer: Actor) -> None:
    raise_at(world, MONDAY_TEN)
    hidden = raise_at(world, MONDAY_TEN)
    Record.objects.filter(pk=hidden.pk).update(is_restricted=True)
    draft = TargetDraft(terms={"duration": 60}, effective_from=MONDAY_TEN)
    preview = preview_target(
        target=Target.objects.get(code="response"), draft=draft, actor=definer, at=TUESDAY_NOON
    )
    assert preview.changes.records == 1
    assert hidden.number not in {each.number for each in preview.changes.first}


def test_a_step_after_a_version_goes_by_it(world: World, definer: Actor) -> None:
    record = raise_at(world, MONDAY_TEN)
    target = Target.objects.get(code="resolution-rest")
    draft = TargetDraft(terms={"pause_on": ["in_progress"]}, effective_from=MONDAY_TEN)
    agent = world.actor(world.agent)
    add_target_version(target=target, draft=draft, actor=definer, at=TUESDAY_NOON)
    take(record=get_record(agent, record.number), actor=agent, at=TUESDAY_NOON)
    assert Clock.objects.get(record=record, metric="resolution").state == "paused"
    assert [found for _, page in replay() for found in page] == []
