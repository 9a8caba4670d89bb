"""Counting like records, telling of an open one, and the command, on real rows."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from incidents.public import Report, assign, get_incident, raise_incident, resolve
from people.public import Actor
from records.models import Record
from sla.models import ForecastTally
from sla.public import clocks_of, forecast_of
from sla.services.forecast import rebuild_forecasts
from sla.tasks import count_forecasts
from tenancy.engine.scope import tenant_scope
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

MONDAY_TEN = datetime(2026, 11, 9, 10, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture
def world() -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        yield built


def _past(world: World, *, count: int, late: int, is_networks: bool = False) -> None:
    """Incidents of last week, of which the first `late` were resolved two days after their promise."""
    agent = world.actor(world.agent)
    for turn in range(count):
        record = raise_incident(
            report=Report(title=f"past {turn}", service=world.service.code), actor=agent, at=MONDAY_TEN
        )
        if is_networks:
            assign(record=record, support_group=world.network_group.code, actor=agent, at=MONDAY_TEN)
            record.refresh_from_db()
        at = MONDAY_TEN + (timedelta(days=3) if turn < late else timedelta(hours=5))
        resolve(record=record, resolution_code="fixed", resolution="done", actor=agent, at=at)


def _open(world: World, *, is_networks: bool = False) -> Record:
    agent = world.actor(world.agent)
    record = raise_incident(report=Report(title="now", service=world.service.code), actor=agent, at=LATER)
    if is_networks:
        record = assign(record=record, support_group=world.network_group.code, actor=agent, at=LATER)
    return get_incident(agent, record.number)


def _told(actor: Actor, record: Record, after: timedelta) -> tuple[int, int, int, tuple[str, ...]] | None:
    found = forecast_of(actor, record, clocks_of(record, LATER + after))
    return None if found is None else (found.breached, found.of, found.percent, found.alike)


def test_an_open_record_is_told_what_became_of_like_ones(world: World) -> None:
    _past(world, count=40, late=10)
    counted = rebuild_forecasts(at=LATER)
    assert (counted.records, counted.breached) == (40, 10)
    record, agent = _open(world), world.actor(world.agent)
    whole = ("phase", "priority", "service", "support_group")
    assert _told(agent, record, timedelta(minutes=5)) == (10, 40, 0, whole)
    # Five of eight hours in, those resolved in time are out of it: ten are left, too few to tell.
    assert _told(agent, record, timedelta(hours=4, minutes=50)) == (10, 40, 60, whole)
    assert _told(agent, record, timedelta(hours=5, minutes=30)) is None


def test_of_thin_history_nothing_is_told(world: World) -> None:
    _past(world, count=29, late=10)
    rebuild_forecasts(at=LATER)
    assert _told(world.actor(world.agent), _open(world), timedelta(minutes=5)) is None


def test_other_groups_help_out_where_the_own_is_thin(world: World) -> None:
    _past(world, count=20, late=5)
    _past(world, count=20, late=20, is_networks=True)
    rebuild_forecasts(at=LATER)
    found = _told(world.actor(world.agent), _open(world), timedelta(minutes=30))
    assert found is not None
    assert found[3] == ("phase", "priority", "service")


def test_a_supplier_is_told_of_its_own_groups_only(world: World) -> None:
    _past(world, count=20, late=5)
    _past(world, count=20, late=20, is_networks=True)
    rebuild_forecasts(at=LATER)
    record, engineer = _open(world, is_networks=True), world.actor(world.engineer)
    assert _told(world.actor(world.agent), record, timedelta(minutes=30)) is not None
    assert _told(engineer, record, timedelta(minutes=30)) is None
    _past(world, count=15, late=0, is_networks=True)
    rebuild_forecasts(at=LATER)
    told = _told(engineer, record, timedelta(minutes=30))
    assert told == (20, 35, 5, ("phase", "priority", "service", "support_group"))


def test_what_was_breached_or_resolved_or_has_no_promise_has_no_forecast(world: World) -> None:
    _past(world, count=40, late=10)
    rebuild_forecasts(at=LATER)
    record, agent = _open(world), world.actor(world.agent)
    assert _told(agent, record, timedelta(days=3)) is None
    done = resolve(record=record, resolution_code="fixed", resolution="x", actor=agent, at=LATER)
    assert _told(agent, done, timedelta()) is None


def test_a_rebuild_replaces_and_leaves_other_tenants_alone(world: World) -> None:
    _past(world, count=30, late=3)
    rebuild_forecasts(at=LATER)
    before = set(ForecastTally.objects.values_list("key", flat=True))
    twin = build_world("rivers")
    with tenant_scope(twin.tenant.pk, actor="system:test"):
        assert rebuild_forecasts(at=LATER).records == 0
        assert not ForecastTally.objects.exists()
        assert _told(twin.actor(twin.agent), _open(twin), timedelta(minutes=5)) is None
    rebuild_forecasts(at=LATER)
    assert set(ForecastTally.objects.values_list("key", flat=True)) == before
    assert ForecastTally.objects.filter(provider=world.desk_provider).exists()
    # What was opened more than a year before is another time.
    assert rebuild_forecasts(at=LATER + timedelta(days=400)).records == 0
    assert not ForecastTally.objects.exists()


def test_the_nightly_task_counts_every_tenant(world: World) -> None:
    _past(world, count=3, late=1)
    twin = build_world("rivers")
    with tenant_scope(twin.tenant.pk, actor="system:test"):
        _past(twin, count=2, late=1)
    assert count_forecasts() == 5


def _command(*arguments: str) -> str:
    out = StringIO()
    call_command("sla_forecast", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_counts_and_tries(world: World) -> None:
    _past(world, count=35, late=7)
    assert "35 records counted, 7 of them breached" in _command("--tenant", "defra")
    ForecastTally.objects.all().delete()
    said = _command("--tenant", "defra", "--backtest", "--cut", "2026-11-09")
    assert "learnt from 0 records known before 2026-11-09 00:00 UTC" in said
    assert "tried on 35 opened later" in said
    assert not ForecastTally.objects.exists()


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--tenant", "nowhere"], "no tenant has the code 'nowhere'"),
        (["--tenant", "defra", "--backtest"], "no record of this history"),
        (["--tenant", "defra", "--backtest", "--import", "x"], "no record of this history"),
        (["--tenant", "defra", "--cut", "2026-01-01"], "go with --backtest"),
        (["--tenant", "defra", "--backtest", "--cut", "soon"], "'soon' is not a date"),
    ],
)
def test_the_command_says_what_is_wrong(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        _command(*arguments)
