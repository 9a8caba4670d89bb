"""What a target may promise: refused precisely and whole, or written as a new version."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from calendars.models import Calendar
from calendars.public import define_calendar
from lifecycle.public import ForbiddenError, NotFoundError
from sla.engine import TargetDefinitionError
from sla.models import Escalation, Target, TargetVersion
from sla.public import EscalationTerms, TargetTerms, define_target, retire_target
from sla.services.book import target_definitions
from tenancy.engine.scope import tenant_scope
from tests.support.world import World, build_world

HOUR = 3600
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def world() -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        yield built


def _terms(world: World, **more: Any) -> TargetTerms:
    plain: dict[str, Any] = {
        "kind": "sla",
        "metric": "resolution",
        "duration": 8 * HOUR,
        "calendar": world.calendar,
    }
    return TargetTerms(**plain | more)


def _counts() -> tuple[int, int, int]:
    return Target.objects.count(), TargetVersion.objects.count(), Escalation.objects.count()


def _calendar(code: str, effective_from: datetime = LONG_AGO, **definition: Any) -> Calendar:
    return define_calendar(
        code=code, name=code, definition={"zone": "UTC"} | definition, effective_from=effective_from
    )


_STRANGER = "0198a9a5-0000-7000-8000-000000000000"
_ONCE: dict[str, Any] = {"weekly": {}, "exceptions": {"2027-03-01": [["09:00", "10:00"]]}}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"scope": {"priority": [6]}}, "scope.priority", "1 (highest) to 5"),
        ({"scope": {"priority": ["2"]}}, "scope.priority", "no priority"),
        ({"scope": {"kind": ["ticket"]}}, "scope.kind", "No kind of record"),
        ({"scope": {"service": [_STRANGER]}}, "scope.service", "No service"),
        ({"scope": {"support_group": ["network"]}}, "scope.support_group", "No support group"),
        ({"scope": {"provider": [_STRANGER]}}, "scope.provider", "No provider"),
        ({"scope": {"organisation": [_STRANGER]}}, "scope.organisation", "No organisation"),
        ({"scope": {"category": [_STRANGER]}}, "scope.category", "No category"),
        ({"scope": {"offering": ["x"]}}, "scope.offering", "No offering"),
        ({"scope": {"origin": [""]}}, "scope.origin", "by its name"),
        ({"scope": {"colour": ["red"]}}, "scope.colour", "is none of"),
        ({"start_on": "begun"}, "start_on", "no state or phase"),
        ({"stop_on": ("resolved", "fixd")}, "stop_on", "'fixd' is no state or phase"),
        ({"pause_on": ("sleeping",)}, "pause_on", "'sleeping' is no state or phase"),
        ({"pause_on": ("cancelled",)}, "pause_on", "stopped already"),
        ({"pause_on": (f"group:{_STRANGER}",)}, "pause_on", "No support group"),
        ({"pause_on": (f"provider:{_STRANGER}",)}, "pause_on", "No provider"),
        ({"warn_at": (50, 50)}, "warn_at", "twice"),
        ({"warn_at": (100,)}, "warn_at", "1 to 99"),
        (
            {"escalations": (EscalationTerms(percent=60, action="raise_priority"),)},
            "escalations.0.percent",
            "50",
        ),
        ({"escalations": (EscalationTerms(percent=50, action="shout"),)}, "escalations.0.action", "none of"),
        (
            {"escalations": (EscalationTerms(percent=50, action="notify_role", role="king"),)},
            "escalations.0.role",
            "No active role",
        ),
        (
            {"escalations": (EscalationTerms(percent=50, action="reassign", support_group="x"),)},
            "escalations.0.support_group",
            "No active support group",
        ),
        (
            {"escalations": (EscalationTerms(percent=50, action="raise_priority", role="resolver"),)},
            "escalations.0.role",
            "Only notify_role",
        ),
        (
            {"escalations": (EscalationTerms(percent=100, action="raise_priority"),) * 2},
            "escalations.1",
            "twice",
        ),
    ],
)
def test_terms_that_name_what_is_not_there_are_refused_whole(
    world: World, wrong: dict[str, Any], field: str, words: str
) -> None:
    before = _counts()
    with pytest.raises(TargetDefinitionError) as refused:
        define_target(code="t", name="T", terms=_terms(world, **wrong), effective_from=LONG_AGO)
    assert field in refused.value.fields
    assert words in refused.value.fields[field]
    assert _counts() == before


@pytest.mark.django_db
def test_every_wrong_field_is_named_at_once(world: World) -> None:
    terms = _terms(world, scope={"priority": [9], "service": [uuid4()]}, pause_on=(f"group:{_STRANGER}",))
    with pytest.raises(TargetDefinitionError) as refused:
        define_target(code="t", name="T", terms=terms, effective_from=LONG_AGO)
    assert set(refused.value.fields) == {"scope.priority", "scope.service", "pause_on"}
    assert refused.value.code == "target_invalid"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hours", "duration", "field", "words"),
    [
        ({"weekly": {}}, HOUR, "calendar", "not open once in 10 years"),
        (_ONCE, 2 * HOUR, "duration", "holds 1.0 hours in 10 years, the target 2.0"),
        ({"weekly": {"mon": [["09:00", "09:01"]]}}, 9 * HOUR, "duration", "holds 8.7 hours"),
    ],
)
def test_a_calendar_that_cannot_hold_the_target_is_refused(
    world: World, hours: dict[str, Any], duration: int, field: str, words: str
) -> None:
    before = _counts()
    soon = timezone.now() + timedelta(days=1)
    terms = _terms(world, calendar=_calendar("rare", **hours), duration=duration)
    with pytest.raises(TargetDefinitionError) as refused:
        define_target(code="t", name="T", terms=terms, effective_from=soon, is_history=False)
    assert words in refused.value.fields[field]
    assert _counts() == before


@pytest.mark.django_db
def test_a_calendar_that_closes_for_good_later_is_looked_at_as_well(world: World) -> None:
    soon = timezone.now() + timedelta(days=1)
    closing = _calendar("closing", weekly={"mon": [["09:00", "17:00"]]})
    _calendar("closing", effective_from=soon + timedelta(days=99), weekly={})
    with pytest.raises(TargetDefinitionError) as refused:
        define_target(
            code="t", name="T", terms=_terms(world, calendar=closing), effective_from=soon, is_history=False
        )
    assert f"as it is from {(soon + timedelta(days=99)).date()}" in refused.value.fields["calendar"]


@pytest.mark.django_db
def test_history_is_measured_by_the_days_its_calendar_knows(world: World) -> None:
    once = _calendar("once", **_ONCE)
    begin = datetime(1900, 1, 1, tzinfo=UTC)
    define_target(code="t", name="T", terms=_terms(world, calendar=once, duration=HOUR), effective_from=begin)
    with pytest.raises(TargetDefinitionError, match="never holds so much"):
        define_target(
            code="u", name="U", terms=_terms(world, calendar=once, duration=2 * HOUR), effective_from=begin
        )


@pytest.mark.django_db
def test_no_promise_holds_before_its_tenant_or_before_now(world: World) -> None:
    manager, now = world.actor(world.administrator), timezone.now()
    for instant, words in ((LONG_AGO, "exists since"), (now, "at least a minute ahead")):
        with pytest.raises(TargetDefinitionError) as refused:
            define_target(
                code="t", name="T", terms=_terms(world), effective_from=instant, actor=manager, at=now
            )
        assert words in refused.value.fields["effective_from"]
    assert not Target.objects.filter(code="t").exists()
    define_target(
        code="t",
        name="T",
        terms=_terms(world),
        effective_from=LONG_AGO,
        actor=manager,
        at=now,
        is_history=True,
    )


@pytest.mark.django_db
def test_only_who_may_define_does(world: World) -> None:
    now = timezone.now()
    with pytest.raises(ForbiddenError):
        define_target(
            code="t",
            name="T",
            terms=_terms(world),
            effective_from=now + timedelta(days=1),
            actor=world.actor(world.agent),
            at=now,
        )


@pytest.mark.django_db
def test_new_terms_are_a_new_version_with_escalations_of_their_own(world: World) -> None:
    manager, now = world.actor(world.administrator), timezone.now()
    first, then = now + timedelta(days=1), now + timedelta(days=2)
    group = f"group:{world.network_group.pk}"
    escalation = EscalationTerms(percent=75, action="reassign", support_group="network")
    terms = _terms(world, pause_on=("pending", group), pause_until=True, escalations=(escalation,))
    define_target(code="t", name="T", terms=terms, effective_from=first, actor=manager, at=now)
    define_target(code="t", name="T", terms=_terms(world), effective_from=then, actor=manager, at=now)
    old, new = (found for found in target_definitions() if found.code == "t")
    assert (old.effective_to, old.pause_until, old.pause_on) == (
        int(then.timestamp()),
        True,
        frozenset({"pending", group}),
    )
    assert new.effective_to is None
    assert [str(row.target_version_id) for row in Escalation.objects.all()] == [old.id]
    with pytest.raises(TargetDefinitionError) as refused:
        define_target(code="t", name="T", terms=_terms(world), effective_from=then, actor=manager, at=now)
    assert "already" in refused.value.fields["effective_from"]


@pytest.mark.django_db
def test_a_retired_target_applies_to_nothing_new(world: World) -> None:
    manager, now = world.actor(world.administrator), timezone.now()
    soon = now + timedelta(days=1)
    define_target(code="t", name="T", terms=_terms(world), effective_from=soon, actor=manager, at=now)
    with pytest.raises(TargetDefinitionError, match="use a later instant"):
        retire_target(code="t", effective_from=soon, actor=manager, at=now)
    end = soon + timedelta(days=1)
    retire_target(code="t", effective_from=end, actor=manager, at=now)
    (found,) = (found for found in target_definitions() if found.code == "t")
    assert found.effective_to == int(end.timestamp())
    with pytest.raises(TargetDefinitionError, match="retired already"):
        retire_target(code="t", effective_from=end + timedelta(days=1), actor=manager, at=now)
    with pytest.raises(NotFoundError):
        retire_target(code="nothing", effective_from=end, actor=manager, at=now)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_define_for_the_same_instant_one_is_refused() -> None:
    built = build_world()
    soon = timezone.now() + timedelta(days=1)
    ready = threading.Barrier(2)
    outcomes: list[str] = []

    def run(define: Callable[[], object]) -> None:
        try:
            with tenant_scope(built.tenant.pk, actor="system:test"):
                ready.wait(10)
                define()
            outcomes.append("written")
        except TargetDefinitionError as refused:
            outcomes.append(",".join(refused.fields))
        finally:
            connection.close()

    def define() -> object:
        return define_target(
            code="response", name="R", terms=_terms(built), effective_from=soon, is_history=False
        )

    threads = [threading.Thread(target=run, args=(define,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["effective_from", "written"]
    with tenant_scope(built.tenant.pk, actor="system:test"):
        assert TargetVersion.objects.filter(target__code="response").count() == 2
