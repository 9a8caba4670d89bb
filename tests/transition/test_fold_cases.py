"""Case tables: one row per record, its times in columns."""

from pathlib import Path

import pytest

from tests.transition.histories import Told, tell

MAPPING = """
file: {delimiter: semicolon}
rows: {kind: cases, key: Ref}
times:
  zone: Europe/London
  format: "%d/%m/%Y %H:%M"
  opened: Opened
  assigned: Assigned
  responded: Responded
  resolved: Resolved
  closed: Closed
  updated: Updated
fields:
  title: Summary
  state:
    column: Status
    values: {Open: in_progress, Waiting: pending_requester, Solved: resolved, Closed: closed, Void: cancelled}
  priority: {column: Priority, pattern: "^P(\\\\d)"}
  support_group: Team
  assignee: Agent
holds:
  - {from: Hold from, until: Hold until}
calendars:
  office: {weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}, holidays: [2024-01-01]}
  always: {always: true}
targets:
  - {code: respond, metric: response, duration: 30m, calendar: office, stop: responded:comment}
  - code: fix-2
    applies_to: {priority: 2}
    duration: 8h
    calendar: office
    stop: resolved
    pause: pending_requester
  - {code: fix, duration: 2h, calendar: always, stop: resolved, applies_to: {support_group: Network}}
"""
COLUMNS = (
    *("Ref", "Summary", "Status", "Priority", "Team", "Agent"),
    *("Opened", "Assigned", "Responded", "Resolved", "Closed", "Updated", "Hold from", "Hold until", "Held"),
)
HOLD = "- {from: Hold from, until: Hold until}"
TUESDAY_NINE = 1_704_186_000
HOUR = 3_600
DAY = 24 * HOUR
LATER = TUESDAY_NINE + 100 * DAY


def case(**told: str) -> str:
    cells = {"Ref": "C1", "Summary": "Broken", "Priority": "P2 - high", "Team": "Desk", "Agent": "bob"}
    cells |= {"Opened": "02/01/2024 09:00"} | {name.replace("_", " "): value for name, value in told.items()}
    return ";".join(cells.get(column, "") for column in COLUMNS) + "\n"


def read(folder: Path, *cases: str, mapping: str = MAPPING) -> Told:
    return tell(folder=folder, mapping=mapping, rows=(";".join(COLUMNS) + "\n" + "".join(cases)).encode())


def test_time_columns_become_the_steps_of_a_life(tmp_path: Path) -> None:
    told = read(
        tmp_path,
        case(
            Status="Closed",
            Assigned="02/01/2024 09:10",
            Responded="02/01/2024 09:20",
            Resolved="02/01/2024 12:00",
            Closed="03/01/2024 09:00",
        ),
    )
    record = told.records["C1"]
    assert record.entries[0].facts == {"state": "new", "priority": 2, "support_group": "Desk"}
    assert told.verbs("C1") == ["raise", "assign", "comment", "resolve", "close"]
    assert [at - TUESDAY_NINE for at, _ in told.states("C1")] == [0, 600, 3 * HOUR, DAY]
    assert record.entries[1].facts == {"state": "assigned", "assignee": "bob"}


def test_clocks_of_a_case_count_open_hours_without_the_pause(tmp_path: Path) -> None:
    held = {"Hold_from": "02/01/2024 11:00", "Hold_until": "02/01/2024 14:00"}
    told = read(
        tmp_path, case(Status="Solved", Responded="02/01/2024 09:31", Resolved="03/01/2024 10:00", **held)
    )
    clocks = {clock.code: clock for clock in told.contract.clocks(record=told.records["C1"], now=LATER)}
    assert (clocks["respond"].elapsed, clocks["respond"].met) == (31 * 60, False)
    # Two hours before the pause, three from 14:00 to 17:00, one on the next morning.
    assert (clocks["fix-2"].elapsed, clocks["fix-2"].met) == (6 * HOUR, True)
    assert [state for _, state in told.states("C1")] == [
        "new",
        "pending_requester",
        "in_progress",
        "resolved",
    ]


def test_targets_follow_the_group(tmp_path: Path) -> None:
    told = read(tmp_path, case(Status="Solved", Team="Network", Priority="P4", Resolved="02/01/2024 11:30"))
    clocks = {clock.code: clock for clock in told.contract.clocks(record=told.records["C1"], now=LATER)}
    assert (clocks["fix"].elapsed, clocks["fix"].met) == (5 * HOUR // 2, False)
    assert "fix-2" not in clocks


@pytest.mark.parametrize(
    ("measured", "held", "elapsed_hours"),
    [
        # From the response at 16:00, within opening hours: 16:00 to 17:00 and 09:00 to 09:30.
        (", measured_in: office", "90", 6.5),
        # Four open hours after the response do not fit before the solution: they are laid just before it.
        (", measured_in: office", "240", 4),
        # Four hours of the wall clock from 16:00 on hold only one open hour.
        ("", "240", 7),
    ],
)
def test_pause_of_which_only_the_length_is_known(
    tmp_path: Path, measured: str, held: str, elapsed_hours: float
) -> None:
    mapping = MAPPING.replace(HOLD, f"- {{length: Held, unit: minutes{measured}}}")
    row = case(Status="Solved", Responded="02/01/2024 16:00", Resolved="03/01/2024 10:00", Held=held)
    told = read(tmp_path, row, mapping=mapping)
    clocks = {clock.code: clock for clock in told.contract.clocks(record=told.records["C1"], now=LATER)}
    assert clocks["fix-2"].elapsed == elapsed_hours * HOUR


@pytest.mark.parametrize("held", ["-5", "long", "100000"])
def test_pause_of_impossible_length_is_a_fault(tmp_path: Path, held: str) -> None:
    mapping = MAPPING.replace(HOLD, "- {length: Held, unit: minutes, measured_in: office}")
    told = read(tmp_path, case(Status="Solved", Resolved="03/01/2024 10:00", Held=held), mapping=mapping)
    assert [(fault.code, fault.column, fault.value) for fault in told.faults] == [
        ("length_unusable", "Held", held)
    ]


def test_pause_stands_until_the_end_where_no_end_is_given(tmp_path: Path) -> None:
    told = read(tmp_path, case(Status="Solved", Resolved="02/01/2024 16:00", Hold_from="02/01/2024 11:00"))
    clocks = {clock.code: clock for clock in told.contract.clocks(record=told.records["C1"], now=LATER)}
    assert clocks["fix-2"].elapsed == 2 * HOUR


@pytest.mark.parametrize(
    ("told", "states"),
    [
        ({"Status": "Waiting", "Updated": "02/01/2024 15:00"}, ["new", "pending_requester"]),
        ({"Status": "Open"}, ["new", "in_progress"]),
        ({"Status": "Closed", "Updated": "02/01/2024 15:00"}, ["new", "closed"]),
        ({"Status": "Void", "Closed": "02/01/2024 15:00"}, ["new", "cancelled"]),
        ({"Status": "Closed", "Resolved": "02/01/2024 15:00"}, ["new", "resolved", "closed"]),
        ({"Resolved": "02/01/2024 15:00"}, ["new", "resolved"]),
    ],
)
def test_record_ends_as_its_columns_and_its_state_say(
    tmp_path: Path, told: dict[str, str], states: list[str]
) -> None:
    assert [state for _, state in read(tmp_path, case(**told)).states("C1")] == states


@pytest.mark.parametrize(
    ("told", "code", "column"),
    [
        ({"Status": "Closed"}, "time_missing", None),
        ({"Opened": ""}, "time_missing", "Opened"),
        ({"Resolved": "01/01/2024 09:00"}, "time_backwards", "Resolved"),
        ({"Resolved": "03/01/2024 09:00", "Closed": "02/01/2024 10:00"}, "time_backwards", "Closed"),
        ({"Resolved": "soon"}, "time_unreadable", "Resolved"),
        ({"Status": "Lost"}, "value_unknown", "Status"),
        ({"Priority": "urgent"}, "value_unknown", "Priority"),
    ],
)
def test_case_that_cannot_be_is_kept_aside(
    tmp_path: Path, told: dict[str, str], code: str, column: str | None
) -> None:
    result = read(tmp_path, case(**told), case(Ref="C2"))
    assert [(fault.line, fault.code, fault.column) for fault in result.faults] == [(2, code, column)]
    assert list(result.records) == ["C2"]


def test_times_can_be_put_in_order_instead(tmp_path: Path) -> None:
    mapping = MAPPING.replace("key: Ref", "key: Ref, backwards: clamp")
    told = read(tmp_path, case(Resolved="01/01/2024 09:00"), mapping=mapping)
    assert told.states("C1") == [(TUESDAY_NINE, "new"), (TUESDAY_NINE, "resolved")]


def test_second_row_of_a_case_is_kept_aside(tmp_path: Path) -> None:
    told = read(tmp_path, case(Summary="first"), case(Summary="second"))
    assert told.records["C1"].title == "first"
    assert [(fault.line, fault.code) for fault in told.faults] == [(3, "record_repeated")]


def test_further_moments_change_what_they_say(tmp_path: Path) -> None:
    mapping = MAPPING.replace(
        "holds:\n  - {from: Hold from, until: Hold until}",
        "moments:\n"
        "  - {at: Hold from, set: {state: {constant: pending_provider}, support_group: {constant: Wires}}}\n"
        "  - {at: Hold until, set: {state: {constant: in_progress}, support_group: Team}}",
    )
    held = {"Hold_from": "02/01/2024 11:00", "Hold_until": "02/01/2024 14:00"}
    told = read(tmp_path, case(Resolved="02/01/2024 15:00", **held), mapping=mapping)
    assert told.changes("C1", "support_group") == ["Desk", "Wires", "Desk"]
    assert told.verbs("C1") == ["raise", "pend", "resume", "resolve"]
