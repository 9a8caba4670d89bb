"""Clocks, custody and verdicts as clients of the desk and of a supplier meet them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from incidents.public import (
    Report,
    assign,
    get_incident,
    pend,
    raise_incident,
    reopen,
    resolve,
    resume,
    visible_incidents,
)
from people.models import Membership
from people.public import Actor
from records.models import Record
from records.public import lines_with
from sla.public import TargetTerms, define_target, user_clock_of, user_clocks_of_many
from tenancy.engine.scope import tenant_scope
from tests.incidents.test_api import Call, caller
from tests.support.world import LONG_AGO, World, build_world

pytestmark = pytest.mark.django_db

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
HOUR = 3600


@pytest.fixture
def world() -> World:
    built = build_world()
    _define_between_parties(built)
    return built


def _define_between_parties(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        for code, kind, scope in (
            ("network-uc", "uc", {"provider": [str(world.supplier.pk)]}),
            ("network-ola", "ola", {"support_group": [str(world.network_group.pk)]}),
            ("desk-ola", "ola", {"support_group": [str(world.desk_group.pk)]}),
        ):
            terms = TargetTerms(
                kind=kind, metric="resolution", duration=2 * HOUR, calendar=world.calendar, scope=scope
            )
            define_target(code=code, name=code, terms=terms, effective_from=LONG_AGO)


@pytest.fixture
def scope(world: World) -> Iterator[None]:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        yield


def _story(world: World) -> str:
    """A P1 of the desk's, passed to the network supplier, paused there without a question, and resolved late."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent, engineer = world.actor(world.agent), world.actor(world.engineer)
        report = Report(title="Mail", impact=1, urgency=1, service="email", requester=world.user.email)
        record = raise_incident(report=report, actor=agent, at=MONDAY_TEN)

        def now(hours: float) -> datetime:
            return MONDAY_TEN + timedelta(hours=hours)

        assign(record=_fresh(agent, record), support_group="network", actor=agent, at=now(1))
        pend(
            record=_fresh(engineer, record),
            waiting_for="provider",
            reason="parts",
            actor=engineer,
            at=now(4.5),
        )
        resume(record=_fresh(engineer, record), actor=engineer, at=now(5))
        resolve(
            record=_fresh(engineer, record),
            resolution_code="fixed",
            resolution="done",
            actor=engineer,
            at=now(6),
        )
        return str(record.number)


def _fresh(actor: Actor, record: Record) -> Record:
    return get_incident(actor, record.number)


def test_the_custody_of_a_late_incident_says_whose_minutes_the_breach_was(world: World) -> None:
    number = _story(world)
    found = caller(world)("GET", f"incidents/{number}/custody/").json()
    first, second = found["segments"]
    assert (first["party"], first["provider"], first["seconds"]) == ("Service desk", "Desk Partner", HOUR)
    assert (second["party"], second["provider"]) == ("Network", "Network Co")
    assert all(before["ended_at"] == after["started_at"] for before, after in pairwise(found["segments"]))
    assert sum(row["seconds"] for row in found["segments"]) == found["wall_seconds"]
    assert sum(row["seconds"] for row in found["totals"]) == found["wall_seconds"]
    assert (found["hops"], found["ping_pong"], found["first_group_right"]) == (1, 0, False)
    assert found["resolving_group"] == "Network"
    (wait,) = found["waits"]
    assert (wait["state"], wait["paused_by"], wait["paused_by_group"]) == (
        "pending_provider",
        "Engineer",
        "Network",
    )
    assert (wait["ended_by_pauser"], wait["question_sent"], wait["near_breach"]) == (True, False, True)
    assert (wait["seconds"], wait["used_percent"]) == (HOUR // 2, 112)
    breach, response = found["breaches"]
    assert sum(row["seconds"] for row in response["shares"]) == response["counted_seconds"]
    assert (breach["code"], breach["counted_seconds"], breach["overrun_seconds"]) == (
        "resolution-p1",
        6 * HOUR,
        2 * HOUR,
    )
    assert [(row["party"], row["seconds"], row["overrun_seconds"]) for row in breach["shares"]] == [
        ("Service desk", HOUR, 0),
        ("Network", 5 * HOUR, 2 * HOUR),
    ]
    assert found["user_clock"] == {"state": "stopped", "elapsed_seconds": 6 * HOUR}


def test_the_clocks_stand_beside_the_users_with_budget_and_forecast(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        report = Report(title="Mail", impact=1, urgency=1, service="email")
        number = raise_incident(report=report, actor=world.actor(world.agent), at=MONDAY_TEN).number
    api = caller(world)
    found = api("GET", f"incidents/{number}/clocks/").json()
    assert {(row["kind"], row["metric"]) for row in found["clocks"]} == {
        ("sla", "resolution"),
        ("sla", "response"),
        ("ola", "resolution"),
    }
    ola = next(row for row in found["clocks"] if row["kind"] == "ola")
    assert ola["party"] == str(world.desk_group.pk)
    assert found["budget"]["seconds"] == min(ola["remaining_seconds"], _sla(found)["remaining_seconds"])
    assert found["user_clock"]["state"] == "running"
    assert found["forecast"] is None
    whole = api("GET", f"incidents/{number}/").json()
    assert whole["budget"]["limited_by"] == found["budget"]["limited_by"]
    assert api("GET", "incidents/").json()["results"][0]["user_clock"]["state"] == "running"


def _sla(found: dict[str, list[dict[str, int]]]) -> dict[str, int]:
    return next(row for row in found["clocks"] if (row["kind"], row["metric"]) == ("sla", "resolution"))  # type: ignore[comparison-overlap]


def test_a_supplier_sees_the_users_promises_and_its_own_targets_alone(world: World) -> None:
    number = _story(world)
    desk, supplier = caller(world), caller(world, "supplier", "supplier-system")

    def told(api: Call, path: str, name: str) -> set[str]:
        return {row["code"] for row in api("GET", path).json()[name]}

    whole = {"resolution-p1", "response", "desk-ola", "network-ola", "network-uc"}
    for path, name in (
        (f"incidents/{number}/clocks/", "clocks"),
        (f"incidents/{number}/verdicts/", "results"),
        (f"incidents/{number}/", "clocks"),
        ("verdicts/", "results"),
    ):
        assert told(desk, path, name) == whole
        assert told(supplier, path, name) == whole - {"desk-ola"}, path


def test_what_a_supplier_never_held_and_what_is_anothers_is_not_there(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        number = raise_incident(report=Report(title="x"), actor=agent, at=MONDAY_TEN).number
    twin = build_world("rivers")
    foreign = _story(twin)
    supplier = caller(world, "supplier", "supplier-system")
    assert supplier("GET", "verdicts/").json()["results"] == []
    for path in ("clocks", "custody", "verdicts"):
        assert supplier("GET", f"incidents/{number}/{path}/").status_code == 404
    mine = caller(world)("GET", "verdicts/").json()["results"]
    assert {(row["number"], row["code"]) for row in mine} == {
        (number, "resolution-rest"),
        (number, "response"),
        (number, "desk-ola"),
    }
    # The twin's first incident has the same number, and was late.
    assert foreign == number


def test_verdicts_are_listed_by_time_kind_metric_and_outcome(world: World) -> None:
    late = _story(world)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        at = MONDAY_TEN + timedelta(days=1)
        quick = raise_incident(report=Report(title="x", service="email"), actor=agent, at=at)
        resolve(
            record=_fresh(agent, quick),
            resolution_code="fixed",
            resolution="x",
            actor=agent,
            at=at + timedelta(minutes=10),
        )
        tomorrow = datetime(2031, 1, 6, 10, tzinfo=UTC)
        young = raise_incident(report=Report(title="y", service="email"), actor=agent, at=tomorrow)
    api = caller(world)

    def numbers(query: str) -> list[tuple[str, str]]:
        rows = api("GET", f"verdicts/?{query}").json()["results"]
        return [(row["number"], row["verdict"]) for row in rows]

    sla = "kind=sla&metric=resolution"
    assert numbers(sla) == [(young.number, "open"), (quick.number, "met"), (late, "missed")]
    assert numbers(f"{sla}&verdict=missed") == [(late, "missed")]
    assert numbers(f"{sla}&verdict=met") == [(quick.number, "met")]
    assert numbers(f"{sla}&verdict=open") == [(young.number, "open")]
    assert numbers(f"{sla}&from=2026-11-17&to=2026-11-18") == [(quick.number, "met")]
    assert numbers(f"{sla}&to=2026-11-16T10:00:00Z") == []
    every = numbers("limit=200")
    paged: list[tuple[str, str]] = []
    page = api("GET", "verdicts/?limit=2").json()
    while True:
        paged += [(row["number"], row["verdict"]) for row in page["results"]]
        if page["next"] is None:
            break
        page = api("GET", page["next"].partition("/api/v1/")[2]).json()
    assert sorted(paged) == sorted(every)
    assert len(paged) > 6


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kind=xla", "kind"),
        ("metric=speed", "metric"),
        ("verdict=maybe", "verdict"),
        ("from=soon", "from"),
        ("to=2026-11-16T10:00:00", "to"),
        ("from=2026-02-31", "from"),
        ("colour=red", "colour"),
        ("limit=0", "limit"),
    ],
)
def test_a_wrong_filter_is_named(world: World, query: str, field: str) -> None:
    answer = caller(world)("GET", f"verdicts/?{query}")
    assert answer.status_code == 400
    assert [row["field"] for row in answer.json()["errors"]] == [field]


@pytest.mark.usefixtures("scope")
def test_the_users_clocks_of_a_list_are_those_of_the_records(world: World) -> None:
    agent = world.actor(world.agent)

    def raised(member: Membership, *, hours: int) -> Record:
        report = Report(title="x", service="email", requester=member.email)
        return raise_incident(report=report, actor=agent, at=MONDAY_TEN + timedelta(hours=hours))

    def step(service: object, record: Record, hours: float, **more: str) -> Record:
        at = MONDAY_TEN + timedelta(hours=hours)
        service(record=_fresh(agent, record), actor=agent, at=at, **more)  # type: ignore[operator]
        return record

    done = {"resolution_code": "fixed", "resolution": "x"}
    raised(world.user, hours=0)
    step(resolve, raised(world.user, hours=1), 3, **done)
    step(pend, raised(world.user, hours=2), 4, waiting_for="requester", comment="When?")
    again = raised(world.other_user, hours=0)
    for service, hours, words in (
        (resolve, 2, done),
        (reopen, 26, {"comment": "no"}),
        (resolve, 28, done),
        (reopen, 50, {"comment": "still no"}),
    ):
        step(service, again, hours, **words)
    raise_incident(report=Report(title="no service"), actor=agent, at=MONDAY_TEN)
    lines = list(lines_with(keys=list(visible_incidents(agent).values_list("pk", flat=True))))
    now = MONDAY_TEN + timedelta(hours=52)
    found = user_clocks_of_many(lines, now)
    assert len(lines) == 5
    for line in lines:
        record = get_incident(agent, line.number)
        alone = user_clock_of(record, now)
        assert (
            (found[line.id].state, found[line.id].elapsed)
            == ((alone.state, alone.elapsed) if alone else None)
            if line.id in found
            else alone is None
        )
    # Ten to noon, ten minutes to nothing: two hours before each resolution, two since.
    assert found[again.pk].elapsed == (2 + 2 + 2) * HOUR
