"""What if: verdicts under other definitions, against an oracle that measures each record by itself, step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.engine import CalendarVersions, WorkingTime, parse_calendar
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
from sla.engine import Change, TargetBook, TargetDefinition, compute_clocks, timeline
from sla.engine.priorities import with_other_priorities
from sla.engine.verdicts import Promise, Tallies, Verdict, compared, verdicts_of
from sla.models import Clock
from sla.services.notation import read_document
from sla.services.overlay import NothingChangesError
from sla.services.replay import replay
from sla.services.selection import Selection, SelectionError, selection_of
from sla.services.what_if import ChangedVerdict, what_if
from tenancy.engine.scope import tenant_scope
from tests.sla import oracle
from tests.sla.strategies import histories, instants, targets
from tests.support.world import World, build_world

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
LATER = MONDAY_TEN + timedelta(days=7)

_HOURS = [["09:00", "12:30"], ["13:30", "17:00"]]
_WEEK = {
    "zone": "UTC",
    "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _HOURS),
    "holidays": ["2026-01-06"],
}
_HALF_DAYS = {"zone": "UTC", "weekly": {day: [["08:00", "14:00"]] for day in ("mon", "wed", "sat")}}


def _half_day_is_open(at: int) -> bool:
    moment = datetime.fromtimestamp(at, UTC)
    return moment.weekday() in (0, 2, 5) and 8 <= moment.hour < 14


_CALENDARS = {
    name: CalendarVersions([(0, WorkingTime(parse_calendar(definition)))])
    for name, definition in (
        ("office", _WEEK),
        ("always", {"zone": "UTC", "always": True}),
        ("half", _HALF_DAYS),
    )
}
_IS_OPEN = {
    "office": oracle.office_is_open,
    "always": oracle.always_is_open,
    "half": _half_day_is_open,
}
_PARTY = {"sla": None, "ola": "support_group", "uc": "provider"}


def _slow_verdicts(
    history: Sequence[Change], definitions: Sequence[TargetDefinition], now: int
) -> dict[Promise, str]:
    """The verdict of each promise, by walking through the record's time."""
    found: dict[Promise, list[str]] = {}
    for kind, attribute in _PARTY.items():
        for metric in ("resolution", "response"):
            chain = [target for target in definitions if (target.kind, target.metric) == (kind, metric)]
            ticks = range(oracle.opened_at(history), now + 1, oracle.TICK)
            parties: list[Any] = [None]
            if attribute is not None:
                held = [oracle.facts_at(history, at)[attribute] for at in ticks]
                parties = [party for party in dict.fromkeys(held) if party is not None]
            for party in parties if chain else []:
                for path in oracle.followed(chain, history, now, attribute, party):
                    clock = oracle.measured(path, history, now, _IS_OPEN[path.target.calendar])
                    if clock.state in ("superseded", "cancelled"):
                        continue
                    broken = 100 in clock.reached and clock.reached[100] <= now
                    word = "breached" if broken else "met" if clock.state == "stopped" else "open"
                    found.setdefault(Promise(kind, metric, party, path.target.code), []).append(word)
    return {
        promise: next(word for word in ("breached", "open", "met") if word in words)
        for promise, words in found.items()
    }


@given(
    history=histories(),
    today=targets(),
    drafted=targets(),
    others=st.sampled_from((None, "half")),
    now=instants(),
)
@settings(max_examples=60)
def test_both_verdicts_are_what_walking_through_time_finds(
    history: list[Change],
    today: list[TargetDefinition],
    drafted: list[TargetDefinition],
    others: str | None,
    now: int,
) -> None:
    if others:
        drafted = [
            TargetDefinition(
                **{**_fields(target), "calendar": others if target.calendar == "office" else "always"}
            )
            for target in drafted
        ]
    line = timeline(history)
    fast = [
        verdicts_of(
            compute_clocks(timeline=line, definitions=TargetBook(each), calendars=_CALENDARS, now=now)
        )
        for each in (today, drafted)
    ]
    slow = [_slow_verdicts(history, each, now) for each in (today, drafted)]
    assert [{key: verdict.word for key, verdict in each.items()} for each in fast] == slow
    for promise, old, new, direction in compared(fast[0], fast[1]):
        assert old.word == slow[0].get(promise, "none")
        assert new.word == slow[1].get(promise, "none")
        if old.word != new.word:
            assert direction is not None
        assert (direction == "worse") == (new.word == "breached" and old.word in ("met", "open"))
        assert (direction == "better") == (old.word == "breached" and new.word in ("met", "open"))


def _fields(target: TargetDefinition) -> dict[str, Any]:
    return {name: getattr(target, name) for name in TargetDefinition.__dataclass_fields__ if name in _GIVEN}


_GIVEN = frozenset(
    {
        "id",
        "code",
        "kind",
        "metric",
        "duration",
        "calendar",
        "scope",
        "start_on",
        "stop_on",
        "pause_on",
        "warn_at",
        "cumulative",
        "effective_from",
        "effective_to",
        "created_order",
    }
)

_WORDS = st.sampled_from(("met", "breached", "open", "none"))


@given(st.lists(st.tuples(_WORDS, _WORDS, st.sampled_from(("a", "b", "")), st.booleans())))
def test_the_tallies_of_each_dimension_add_up_to_the_total(found: list[tuple[Any, Any, str, bool]]) -> None:
    tallies = Tallies()
    for before, after, place, moved in found:
        places = dict.fromkeys(("service", "provider", "priority", "month", "measure"), place)
        tallies.add(Verdict(before, None, 0), Verdict(after, None, 0), places=places, moved=moved)
    assert sum(tallies.total.steps.values()) == len(found)
    for places in tallies.by.values():
        added: Counter[Any] = Counter()
        for tally in places.values():
            added += tally.steps
        assert added == tallies.total.steps
        assert sum(tally.moved for tally in places.values()) == tallies.total.moved
    assert Tallies.of(tallies.plain()).plain() == tallies.plain()
    total = tallies.total
    assert total.before("breached") - total.breaches_gone + total.breaches_new == total.after("breached")


def _by_sum(_: str | None, impact: int, urgency: int) -> int:
    return min(impact + urgency, 5)


def _change(at: int, facts: dict[str, Any], verb: str = "incident:classify") -> tuple[Change, dict[str, Any]]:
    plain = {
        name: value for name, value in facts.items() if name in ("priority", "service", "state", "origin")
    }
    return Change(at, at, plain, verb), {name: [None, value] for name, value in facts.items()}


def _derived(*steps: tuple[Change, dict[str, Any]]) -> list[Any] | None:
    found = with_other_priorities(
        [change for change, _ in steps],
        [facts for _, facts in steps],
        before=lambda _service, impact, _urgency: impact,
        after=_by_sum,
    )
    return None if found is None else [change.facts.get("priority") for change in found]


def test_a_priority_that_followed_the_matrix_follows_the_other() -> None:
    raised = _change(1, {"impact": 2, "urgency": 3, "priority": 2, "state": "new"}, "incident:raise")
    worse = _change(2, {"urgency": 1, "impact": 1, "priority": 1})
    assert _derived(raised, worse) == [5, 2]


def test_a_priority_changes_where_only_the_other_matrix_moves_it() -> None:
    raised = _change(1, {"impact": 2, "urgency": 3, "priority": 2}, "incident:raise")
    calmer = _change(2, {"urgency": 1})
    assert _derived(raised, calmer) == [5, 3]


def test_a_priority_set_by_hand_stays_until_it_follows_again() -> None:
    raised = _change(1, {"impact": 2, "urgency": 3, "priority": 2}, "incident:raise")
    by_hand = _change(2, {"priority": 4, "reason": "the minister"})
    meanwhile = _change(3, {"urgency": 1})
    again = _change(4, {"priority": 2, "priority_set_by": "matrix"})
    assert _derived(raised, by_hand, meanwhile, again) == [5, 4, 4, 3]


def test_what_came_by_import_follows_only_where_the_matrix_in_force_explains_it() -> None:
    explained = {"impact": 2, "urgency": 3, "priority": 2, "origin": "old"}
    assert _derived(_change(1, explained, "import:open")) == [5]
    assert _derived(_change(1, explained | {"priority": 4}, "import:open")) is None
    assert _derived(_change(1, {"priority": 2, "origin": "old"}, "import:open")) is None


def test_the_same_priorities_make_no_other_history() -> None:
    assert _derived(_change(1, {"impact": 1, "urgency": 0, "priority": 1}, "incident:raise")) is None


# In a database from here on.


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
    assert {row.number for row in found if row.direction == "better"} == {scene.late.number}
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
        ({"services": ["mial"]}, "service"),
        ({"providers": ["x"]}, "provider"),
        ({"priorities": [6]}, "priority"),
        ({"kinds_named": ["ticket"]}, "kind"),
        ({"start": LATER, "end": MONDAY_TEN}, "to"),
    ):
        with pytest.raises(SelectionError) as caught:
            selection_of(**wrong)  # type: ignore[arg-type]  # each is wrong on purpose
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
        ({"service": ["mial"]}, "No service has the code 'mial'", 1),
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
