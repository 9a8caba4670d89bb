"""The notation of definitions: what is printed is read as it was, and what is wrong is pointed at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command
from hypothesis import given

from catalogue.public import create_matrix, create_service
from sla.engine.notation import (
    Document,
    NotationError,
    parse_definitions,
    print_definitions,
)
from sla.public import EscalationTerms, TargetTerms, define_target
from sla.services.notation import read_document, todays_document
from tenancy.engine.scope import tenant_scope
from tests.sla.documents import WORDS, documents
from tests.support.world import LONG_AGO, World, build_world

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
OFFICE = "calendars: {office: {zone: UTC, weekly: {mon-fri: 09:00-17:00}}}\n"


@given(document=documents())
def test_what_is_printed_is_read_as_it_was(document: Document) -> None:
    assert parse_definitions(source=print_definitions(document), words=WORDS) == document


@given(document=documents())
def test_json_is_the_same_document(document: Document) -> None:
    text = json.dumps(yaml.safe_load(print_definitions(document)), default=str)
    assert parse_definitions(source=text, words=WORDS) == document


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("calendars: {}\n", 1, "nothing is defined"),
        ("calendars:\n  o: {zone: UTC}\n", 2, "weekly: is missing"),
        ("calendars:\n  o: {zone: UTC, weekly: {}}\n", 2, "never open"),
        ("calendars:\n  o: {weekly: {mon: 09:00-17:00}}\n", 2, "has no zone"),
        ("calendars:\n  o:\n    zone: Europe/Lndon\n    always: true\n", 3, "no time zone"),
        (
            "calendars:\n  o:\n    zone: UTC\n    weekly:\n      mon: [09:00-12:00, 11:00-13:00]\n",
            5,
            "overlap",
        ),
        ("calendars:\n  o:\n    zone: UTC\n    weekly:\n      mon: [09:00-09:00]\n", 5, "same time"),
        ("calendars:\n  o o: {zone: UTC, always: true}\n", 2, "is no code"),
        (OFFICE + "targets:\n  - {code: a, calendar: office}\n", 3, "'duration' is missing"),
        (OFFICE + "targets:\n  - {code: a, calendar: offce, duration: 1h}\n", 3, "did you mean 'office'?"),
        (
            OFFICE + "targets:\n  - {code: a, calendar: office, duration: 2 days}\n",
            3,
            "give the time in hours",
        ),
        (OFFICE + "targets:\n  - {code: a, calendar: office, duration: 99999999h}\n", 3, "ten years"),
        (OFFICE + "targets:\n  - {code: a, calendar: office, duration: 1h, pauze: x}\n", 3, "'pause'"),
        (
            OFFICE
            + "targets:\n  - {code: a, calendar: office, duration: 1h, applies_to: {service: mailx}}\n",
            3,
            "there is no service 'mailx'; did you mean 'mail'?",
        ),
        (
            OFFICE + "targets:\n  - {code: a, calendar: office, duration: 1h, applies_to: {priority: 6}}\n",
            3,
            "a number from 1 to 5",
        ),
        (
            OFFICE + "targets:\n- &a {code: a, calendar: office, duration: 1h}\n- *a\n",
            4,
            "write it out",
        ),
        ("targets:\n- code: a\n- code: a\n  retired: true\n", 3, "used twice"),
        *(
            (f"{OFFICE}targets:\n- code: a\n  calendar: office\n  duration: 1h\n  {rest}\n", line, said)
            for rest, line, said in (
                ("pause: [holder:king]", 6, "did you mean 'holder:wire'?"),
                ("pause: [new, 'group:netwrk']", 6, "did you mean 'network'?"),
                ("pause: ['group:']", 6, "is not known here"),
                ("pause: [provider:nobody]", 6, "there is no provider 'nobody'"),
                ("pause: resolved", 6, "'resolved' stops the clock, so it cannot pause it as well"),
                ("pause_until: perhaps", 6, "neither true nor false"),
                (
                    "metric: update\n  stop: [resolved, 'responded:comment']",
                    7,
                    "cannot stop an update target",
                ),
                ("metric: approval\n  kind: uc", 7, "never under a contract"),
                ("escalations: {percent: 50}", 6, "a list is needed here"),
                ("escalations:\n  - {action: raise_priority}", 7, "'percent' is missing"),
                ("escalations:\n  - {percent: 100}", 7, "'action' is missing"),
                ("escalations:\n  - {percent: 60, action: raise_priority}", 7, "use 50, 75, 90, 100"),
                ("escalations:\n  - {percent: 101, action: raise_priority}", 7, "from 1 to 100"),
                ("escalations:\n  - {percent: 100, action: shout}", 7, "use one of: notify_role"),
                (
                    "escalations:\n  - {percent: 100, action: notify_role}",
                    7,
                    "Name the role by its code",
                ),
                (
                    "escalations:\n  - {percent: 100, action: notify_role, role: managr}",
                    7,
                    "did you mean 'manager'?",
                ),
                (
                    "escalations:\n  - percent: 100\n    action: reassign\n    support_group: desk\n    role: manager",
                    10,
                    "Only notify_role names a role",
                ),
                (
                    (
                        "escalations:\n  - {percent: 100, action: raise_priority}\n"
                        "  - {percent: 100, action: raise_priority}"
                    ),
                    8,
                    "named twice",
                ),
                (
                    "escalations:\n  - {percent: 100, action: raise_priority, who: me}",
                    7,
                    "'who' is not known",
                ),
            )
        ),
        ("matrices:\n- name: M\n  cells: [[1, 2], [3]]\n", 3, "2 rows of impact"),
        ("matrices:\n- name: M\n  cells: [[1,1,1,1],[1,1,1,1],[1,1,1,1],[1,1,1,9]]\n", 3, "out of range"),
        ("from: tomorrow\n" + OFFICE, 1, "no instant"),
        ("calendars: [\n", 2, "not valid YAML"),
        ("- a\n", 1, "a block of 'key: value' lines is needed"),
    ],
)
def test_a_mistake_is_pointed_at(source: str, line: int, said: str) -> None:
    with pytest.raises(NotationError) as caught:
        parse_definitions(source=source, words=WORDS)
    assert [(fault.line, said in str(fault)) for fault in caught.value.faults if said in str(fault)] == [
        (line, True)
    ]


def test_all_mistakes_are_told_at_once() -> None:
    source = OFFICE + "targets:\n- {code: a, duration: 1 day, calendar: office}\n- {code: b, calendar: x}\n"
    with pytest.raises(NotationError) as caught:
        parse_definitions(source=source, words=WORDS)
    assert [fault.line for fault in caught.value.faults] == [3, 4, 4]


def test_all_mistakes_of_what_happens_on_the_way_are_told_at_once() -> None:
    source = (
        f"{OFFICE}targets:\n- code: a\n  calendar: office\n  duration: 1h\n  escalations:\n"
        "  - {percent: 60, action: raise_priority}\n"
        "  - {percent: 90, action: notify_role, role: king}\n"
        "  - {percent: 101, action: shout}\n"
    )
    with pytest.raises(NotationError) as caught:
        parse_definitions(source=source, words=WORDS)
    assert [(fault.line, fault.path.rpartition(".")[2]) for fault in caught.value.faults] == [
        (7, "percent"),
        (8, "role"),
        (9, "percent"),
        (9, "action"),
    ]


def test_a_target_longer_than_its_calendar_can_hold_is_refused() -> None:
    source = (
        "calendars:\n  fair:\n    zone: UTC\n    weekly: {}\n    exceptions: {'2026-05-01': 09:00-17:00}\n"
        "targets:\n- {code: a, duration: 9h, calendar: fair}\n"
    )
    with pytest.raises(NotationError, match="never open that long"):
        parse_definitions(source=source, words=WORDS)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        yield built


def _printed() -> str:
    return print_definitions(todays_document(int(NOW.timestamp())))


def test_todays_definitions_are_read_as_they_are(world: World) -> None:
    matrix = create_matrix(name="Standard", cells=[3] * 16, is_default=True)
    create_service(code="maps", name="Maps", matrix=matrix)
    terms = TargetTerms(
        kind="uc",
        metric="resolution",
        duration=7 * 3600 + 90,
        calendar=world.calendar,
        scope={"provider": [world.supplier.pk], "service": [world.service.pk], "priority": [1, 2]},
        stop_on=("resolved", "pending_change"),
        pause_on=("pending", f"group:{world.desk_group.pk}", "holder:wire"),
        pause_until=True,
        warn_at=(80,),
        is_cumulative=False,
        escalations=(
            EscalationTerms(percent=100, action="reassign", support_group="service-desk"),
            EscalationTerms(percent=80, action="notify_role", role="administrator"),
        ),
    )
    define_target(code="net", name="Network: contract", terms=terms, effective_from=LONG_AGO)
    text = _printed()
    document = todays_document(int(NOW.timestamp()))
    assert read_document(text) == document
    assert {target.code for target in document.targets} == {
        "net",
        "resolution-p1",
        "resolution-rest",
        "response",
    }
    assert "group:service-desk" in text
    assert "{percent: 80, action: notify_role, role: administrator}" in text
    # People write names as well as codes, and read codes.
    assert "service: [email]" in text
    assert read_document(text.replace("[email]", "[E-mail]")) == document


def test_versions_to_come_are_not_todays(world: World) -> None:
    before = _printed()
    terms = TargetTerms(kind="sla", metric="response", duration=60, calendar=world.calendar)
    define_target(code="response", name="x", terms=terms, effective_from=NOW + timedelta(days=1))
    assert _printed() == before


def test_the_command_prints_what_holds_now(world: World) -> None:
    out = StringIO()
    call_command("sla_definitions", tenant=world.tenant.code, stdout=out)
    assert out.getvalue() == _printed()
    with pytest.raises(CommandError, match="no tenant has the code 'nobody'"):
        call_command("sla_definitions", tenant="nobody")
