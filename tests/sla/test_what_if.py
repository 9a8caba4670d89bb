"""What if: real history under other definitions, from services and from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalogue.public import create_matrix
from incidents.public import (
    Classification,
    Report,
    assign,
    classify,
    raise_incident,
    resolve,
)
from records.models import AuditEntry, Record
from sla.engine.verdicts import Tallies
from sla.models import Clock
from sla.services.notation import read_document
from sla.services.overlay import NothingChangesError
from sla.services.replay import replay
from sla.services.selection import Selection, SelectionError, selection_of
from sla.services.what_if import ChangedVerdict, what_if
from tenancy.engine.scope import tenant_scope
from tests.support.world import World, build_world

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
LATER = MONDAY_TEN + timedelta(days=7)


@dataclass(frozen=True)
class Scene:
    """A world with incidents that ended in different ways."""

    world: World
    late: Record
    quick: Record
    waiting: Record


@pytest.fixture
def scene(db: None) -> Iterator[Scene]:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        create_matrix(name="Standard", cells=[3] * 16, is_default=True)
        agent = world.actor(world.agent)
        late = _resolved(world, agent, hours=30, service="email")
        quick = _resolved(world, agent, hours=2, service="")
        waiting = raise_incident(report=Report(title="x"), actor=agent, at=LATER - timedelta(hours=2))
        yield Scene(world, late, quick, waiting)


def _resolved(world: World, agent: Any, *, hours: int, service: str) -> Record:
    report = Report(title="x", service=service, support_group=world.network_group.code)
    record = raise_incident(report=report, actor=agent, at=MONDAY_TEN)
    record = assign(
        record=record,
        support_group=world.network_group.code,
        assignee=world.engineer.email,
        actor=agent,
        at=MONDAY_TEN + timedelta(minutes=5),
    )
    return resolve(
        record=record,
        resolution="Done",
        resolution_code="fixed",
        actor=agent,
        at=MONDAY_TEN + timedelta(hours=hours),
    )


def _run(source: str, selection: Selection | None = None) -> tuple[list[ChangedVerdict], Tallies]:
    run = what_if(read_document(source), at=LATER, selection=selection)
    found = [row for _, page in run.pages() for row in page]
    return found, run.tallies


LONGER = """
targets:
- code: resolution-rest
  name: resolution-rest
  duration: 16h
  calendar: office
  applies_to: {kind: incident, priority: [2, 3, 4, 5]}
  stop: resolved
  pause: pending_requester
"""
SHORTER = LONGER.replace("16h", "1h")
AROUND_THE_CLOCK = "calendars: {office: {zone: Europe/London, always: true}}\n"


def test_a_longer_time_saves_what_was_late(scene: Scene) -> None:
    stored = list(Clock.objects.order_by("id").values())
    found, tallies = _run(LONGER)
    assert [(row.number, row.direction) for row in found] == [
        (scene.late.number, "better"),
        (scene.waiting.number, "moved"),
    ]
    assert found[0].before.word == "breached"
    assert found[0].after.word == "met"
    assert (tallies.records, tallies.records_changed) == (3, 2)
    assert tallies.total.steps["breached", "met"] == 1
    assert tallies.by["service"][str(scene.world.service.pk)].breaches_gone == 1
    assert tallies.by["provider"][str(scene.world.supplier.pk)].breaches_gone == 1
    assert list(Clock.objects.order_by("id").values()) == stored


def test_a_shorter_time_condemns_and_says_by_whose_hands(scene: Scene) -> None:
    found, tallies = _run(SHORTER)
    worse = [row for row in found if row.direction == "worse"]
    assert {row.number for row in worse} == {scene.quick.number, scene.waiting.number}
    assert tallies.total.breaches_new == 2
    assert tallies.by["month"]["2026-11"].breaches_new == 2
    assert tallies.by["measure"]["sla:resolution"].breaches_new == 2


def test_other_hours_are_other_verdicts(scene: Scene) -> None:
    found, _ = _run("calendars: {office: {zone: Europe/London, weekly: {mon-fri: 10:00-12:00}}}\n")
    # Thirty hours are two days of seven hours, or of two.
    resolved = [row for row in found if row.promise.code == "resolution-rest"]
    assert {row.number for row in resolved if row.direction == "better"} == {scene.late.number}
    found, _ = _run(AROUND_THE_CLOCK)
    assert {(row.number, row.direction) for row in found} == {(scene.waiting.number, "moved")}


def test_definitions_that_held_only_from_an_instant_leave_what_was_before(scene: Scene) -> None:
    found, _ = _run(f"from: {(MONDAY_TEN + timedelta(days=1)).isoformat()}\n" + SHORTER)
    assert {row.number for row in found} == {scene.waiting.number}
    found, _ = _run("from: 2026-11-17\n" + AROUND_THE_CLOCK)
    assert {row.number for row in found} == {scene.waiting.number}


def test_a_retired_target_promises_nothing(scene: Scene) -> None:
    found, tallies = _run("targets: [{code: response, retired: true}]\n")
    assert {row.direction for row in found} == {"vanishes"}
    assert tallies.total.after("none") == len(found) == 3


def test_a_new_target_is_a_new_promise(scene: Scene) -> None:
    found, _ = _run(
        "targets:\n- {code: net, kind: uc, duration: 2h, calendar: office, stop: resolved,"
        " applies_to: {provider: Network Co}}\n"
    )
    assert {(row.number, row.direction, row.after.word) for row in found} == {
        (scene.late.number, "appears", "breached"),
        (scene.quick.number, "appears", "met"),
    }
    assert {row.provider for row in found} == {str(scene.world.supplier.pk)}


def test_another_matrix_judges_by_other_priorities(scene: Scene) -> None:
    found, _ = _run("matrices: [{name: Standard, cells: [[1,1,1,1],[1,1,1,1],[1,1,1,1],[1,1,1,1]]}]\n")
    quick = [row for row in found if row.number == scene.quick.number]
    assert {(row.promise.code, row.direction) for row in quick} == {
        ("resolution-rest", "vanishes"),
        ("resolution-p1", "appears"),
    }


def test_a_priority_set_by_hand_is_nobodys_matrix(scene: Scene) -> None:
    agent = scene.world.actor(scene.world.agent)
    record = raise_incident(report=Report(title="y"), actor=agent, at=LATER - timedelta(hours=3))
    classify(
        record=record,
        to=Classification(priority=2, reason="asked for"),
        actor=agent,
        at=LATER - timedelta(hours=3),
    )
    found, _ = _run("matrices: [{name: Standard, cells: [[1,1,1,1],[1,1,1,1],[1,1,1,1],[1,1,1,1]]}]\n")
    assert record.number not in {row.number for row in found}


def test_a_matrix_of_one_service_leaves_the_others(scene: Scene) -> None:
    found, _ = _run(
        "matrices: [{name: Strict, services: [email], cells: [[1,1,1,1],[1,1,1,1],[1,1,1,1],[1,1,1,1]]}]\n"
    )
    assert {row.number for row in found} == {scene.late.number}


def test_what_is_as_today_is_said_to_be(scene: Scene) -> None:
    out = StringIO()
    call_command("sla_definitions", tenant=scene.world.tenant.code, stdout=out)
    with pytest.raises(NothingChangesError):
        _run(out.getvalue())
    # One change among all that stays: only that one counts.
    found, _ = _run(out.getvalue().replace("duration: 8h", "duration: 16h"))
    assert {row.promise.code for row in found} == {"resolution-rest"}


def test_a_restricted_record_leaves_no_trace(scene: Scene) -> None:
    Record.objects.filter(pk=scene.late.pk).update(is_restricted=True)
    found, tallies = _run(LONGER)
    assert tallies.records == 2
    assert scene.late.number not in {row.number for row in found}


def test_records_are_selected_by_what_is_named(scene: Scene) -> None:
    def numbers(**named: Any) -> set[str]:
        chosen = selection_of(**named)
        return set(chosen.rows().values_list("number", flat=True))

    everything = {scene.late.number, scene.quick.number, scene.waiting.number}
    assert numbers() == everything
    assert numbers(services=["email"]) == {scene.late.number}
    assert numbers(providers=["network-co"]) == everything - {scene.waiting.number}
    assert numbers(priorities=[1]) == set()
    assert numbers(kinds_named=["incident"]) == everything
    assert numbers(start=LATER - timedelta(days=1)) == {scene.waiting.number}
    for wrong, field in (
        ({"services": ["mailx"]}, "service"),
        ({"providers": ["x"]}, "provider"),
        ({"priorities": [6]}, "priority"),
        ({"kinds_named": ["ticket"]}, "kind"),
        ({"start": LATER, "end": MONDAY_TEN}, "to"),
    ):
        with pytest.raises(SelectionError) as caught:
            selection_of(**wrong)
        assert list(caught.value.fields) == [field]
    assert [count for count, _ in replay(selection=selection_of(services=["email"]))] == [1]


def test_the_command_tells_and_writes_rows(scene: Scene, tmp_path: Path) -> None:
    file, out, table = tmp_path / "d.yaml", StringIO(), tmp_path / "o.csv"
    file.write_text(LONGER, encoding="utf-8")
    before = AuditEntry.objects.count()
    tenant = scene.world.tenant.code
    call_command("sla_replay", tenant=tenant, definitions=file, csv=table, stdout=out)
    assert "Network Co: 1 of 1 breach would vanish, and no new one would appear." in out.getvalue()
    assert f"{scene.late.number} resolution-rest: breached -> met (better)" in out.getvalue()
    lines = table.read_text(encoding="utf-8").splitlines()
    assert lines[1].startswith(
        f"{scene.late.number},resolution-rest,sla,resolution,E-mail,Network Co,3,better"
    )
    assert AuditEntry.objects.count() == before
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("options", "said", "code"),
    [
        ({"service": ["mailx"]}, "No service has the code 'mailx'", 1),
        ({"text": "targets: [{code: x}]"}, "d.yaml:1:11: targets[0]: the key 'duration' is missing", 2),
        ({"text": "targets: [{code: x, retired: true}]"}, "no target has the code 'x'", 2),
        ({"path": "missing.yaml"}, "No such file", 1),
        ({"start": "soon"}, "'soon' is not a date", 1),
        ({"definitions": None, "csv": Path("x.csv")}, "--csv needs --definitions", 1),
    ],
)
def test_the_command_refuses_precisely(
    scene: Scene, tmp_path: Path, options: dict[str, Any], said: str, code: int
) -> None:
    file = tmp_path / "d.yaml"
    file.write_text(options.pop("text", LONGER), encoding="utf-8")
    given: dict[str, Any] = {"definitions": tmp_path / options.pop("path", "d.yaml")} | options
    with pytest.raises(CommandError, match=said.replace("[", r"\[").replace("--", r"\-\-")) as caught:
        call_command("sla_replay", tenant=scene.world.tenant.code, **given)
    assert caught.value.returncode == code


def test_an_interrupted_command_leaves_no_half_file(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, table = tmp_path / "d.yaml", tmp_path / "o.csv"
    file.write_text(LONGER, encoding="utf-8")

    class Interrupting(StringIO):
        def write(self, text: str) -> int:
            raise KeyboardInterrupt

    with pytest.raises(CommandError, match="interrupted; nothing was changed") as caught:
        call_command(
            "sla_replay",
            tenant=scene.world.tenant.code,
            definitions=file,
            csv=table,
            stdout=Interrupting(),
        )
    assert caught.value.returncode == 130
    assert not list(tmp_path.glob("*.part"))
