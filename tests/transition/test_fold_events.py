"""Event logs of several makes become one kind of history."""

from pathlib import Path

from tests.transition.histories import tell

SNAPSHOTS = """
rows: {kind: events, key: id, backwards: BACKWARDS}
times: {zone: UTC, format: iso, event: at, opened: opened, resolved: RESOLVED, closed: CLOSED}
file: {missing: "?"}
actors: {actor: by, system: [robot*]}
fields:
  requester: caller
  state: {column: state, values: {N: new, W: in_progress, P: pending_requester, R: resolved, C: closed}}
  priority: prio
  support_group: grp
  assignee: {column: who, missing: clear}
  comment: said
"""
HEADER = "id,opened,at,by,caller,state,prio,grp,who,said,resolved,closed\n"
NINE = 1_704_099_600
HOUR = 3_600


def snapshots(backwards: str = "reject", resolved: str = "events", closed: str = "events") -> str:
    mapping = SNAPSHOTS.replace("BACKWARDS", backwards)
    return mapping.replace("RESOLVED", resolved).replace("CLOSED", closed)


def row(at: str, state: str, **told: str) -> str:
    cells = {
        "by": "ann",
        "prio": "3",
        "grp": "Desk",
        "who": "?",
        "said": "",
        "resolved": "",
        "closed": "",
    } | told
    order = ("by", "caller", "state", "prio", "grp", "who", "said", "resolved", "closed")
    rest = [{"caller": "cal", "state": state, **cells}[name] for name in order]
    return ",".join(["1", "2024-01-01T09:00", f"2024-01-01T{at}", *rest]) + "\n"


def test_record_opens_at_its_own_time_with_the_facts_of_the_first_row(tmp_path: Path) -> None:
    rows = HEADER + row("09:20", "W", who="bob") + row("09:30", "W", prio="2", who="bob")
    record = tell(folder=tmp_path, mapping=snapshots(), rows=rows).records["1"]
    assert record.opened_at == NINE
    opening, first, second = record.entries
    assert (opening.at, opening.verb, opening.actor, opening.actor_kind) == (
        NINE,
        "raise",
        "cal",
        "requester",
    )
    assert opening.facts == {"state": "new", "priority": 3, "support_group": "Desk"}
    assert (first.at, first.verb, first.facts) == (
        NINE + 20 * 60,
        "start",
        {"state": "in_progress", "assignee": "bob"},
    )
    assert (second.verb, second.facts) == ("update", {"priority": 2})


def test_rows_that_change_nothing_leave_no_entry(tmp_path: Path) -> None:
    told = tell(folder=tmp_path, mapping=snapshots(), rows=HEADER + row("09:10", "N") * 3)
    assert told.rows_used == 3
    assert told.verbs("1") == ["raise"]


def test_missing_is_unchanged_unless_the_mapping_says_clear(tmp_path: Path) -> None:
    rows = HEADER + row("09:10", "W", who="bob") + row("09:20", "W", grp="?", who="?")
    told = tell(folder=tmp_path, mapping=snapshots(), rows=rows)
    assert told.changes("1", "assignee") == ["bob", None]
    assert told.changes("1", "support_group") == ["Desk"]


def test_verbs_say_what_the_steps_amount_to(tmp_path: Path) -> None:
    steps = [
        ("09:10", "W"),
        ("09:20", "P"),
        ("09:30", "W"),
        ("09:40", "R"),
        ("09:50", "W"),
        ("10:00", "C"),
        ("10:10", "N"),
    ]
    told = tell(folder=tmp_path, mapping=snapshots(), rows=HEADER + "".join(row(*step) for step in steps))
    assert told.verbs("1") == ["raise", "start", "pend", "resume", "resolve", "reopen", "close", "reopen"]


def test_comments_are_entries_of_their_own_and_machines_are_known(tmp_path: Path) -> None:
    rows = HEADER + row("09:10", "W", said="hello", by="Robot 7") + row("09:20", "W", said="hi", by="cal")
    entries = tell(folder=tmp_path, mapping=snapshots(), rows=rows).records["1"].entries
    assert [(entry.verb, entry.actor_kind) for entry in entries[1:]] == [
        ("comment", "system"),
        ("start", "system"),
        ("comment", "requester"),
    ]


def test_rows_out_of_order_are_put_in_order(tmp_path: Path) -> None:
    rows = HEADER + row("10:00", "C") + row("09:30", "W") + row("09:45", "R")
    told = tell(folder=tmp_path, mapping=snapshots(), rows=rows)
    assert [state for _, state in told.states("1")] == ["new", "in_progress", "resolved", "closed"]


def test_time_before_the_opening_is_rejected_or_moved(tmp_path: Path) -> None:
    rows = HEADER + row("08:00", "W") + row("09:30", "R")
    told = tell(folder=tmp_path, mapping=snapshots(), rows=rows)
    assert [(fault.line, fault.code) for fault in told.faults] == [(2, "time_backwards")]
    told = tell(folder=tmp_path, mapping=snapshots(backwards="clamp"), rows=rows)
    assert told.states("1") == [(NINE, "new"), (NINE, "in_progress"), (NINE + 1_800, "resolved")]


def test_file_order_with_time_going_back_is_a_fault(tmp_path: Path) -> None:
    mapping = snapshots().replace("key: id", "key: id, order: file")
    told = tell(folder=tmp_path, mapping=mapping, rows=HEADER + row("09:30", "W") + row("09:20", "R"))
    assert [(fault.line, fault.column, fault.code) for fault in told.faults] == [(3, "at", "time_backwards")]


def test_one_bad_row_can_cost_the_whole_record(tmp_path: Path) -> None:
    mapping = snapshots().replace("key: id", "key: id, on_fault: record")
    told = tell(folder=tmp_path, mapping=mapping, rows=HEADER + row("09:10", "W") + row("09:20", "Z"))
    assert told.records == {}
    assert {fault.line: fault.code for fault in told.faults} == {2: "record_rejected", 3: "value_unknown"}


def test_column_tells_the_time_of_closing(tmp_path: Path) -> None:
    closing = {"closed": "2024-01-01T11:00", "resolved": "2024-01-01T10:00"}
    rows = HEADER + row("09:30", "W") + row("10:30", "R", **closing) + row("12:00", "C", **closing)
    told = tell(folder=tmp_path, mapping=snapshots(resolved="resolved", closed="closed"), rows=rows)
    assert told.states("1")[2:] == [(NINE + HOUR, "resolved"), (NINE + 2 * HOUR, "closed")]
    told = tell(folder=tmp_path, mapping=snapshots(), rows=rows)
    assert told.states("1")[2:] == [(NINE + 3 * HOUR // 2, "resolved"), (NINE + 3 * HOUR, "closed")]


def test_column_closes_a_record_whose_rows_stop_short(tmp_path: Path) -> None:
    rows = HEADER + row("09:30", "W", closed="2024-01-01T11:00")
    told = tell(folder=tmp_path, mapping=snapshots(closed="closed"), rows=rows)
    assert told.states("1")[-1] == (NINE + 2 * HOUR, "closed")


def test_steps_between_told_and_logged_resolution_are_dropped(tmp_path: Path) -> None:
    told_at = {"resolved": "2024-01-01T10:00"}
    rows = HEADER + row("09:30", "W") + row("10:10", "P", **told_at) + row("10:30", "R", **told_at)
    told = tell(folder=tmp_path, mapping=snapshots(resolved="resolved"), rows=rows)
    assert [state for _, state in told.states("1")] == ["new", "in_progress", "resolved"]


def test_change_log_with_field_and_both_values(tmp_path: Path) -> None:
    mapping = """
        rows: {kind: events, key: key, unmatched: ignore}
        times: {zone: UTC, format: "%d/%b/%y %I:%M %p", event: when, opened: created}
        actors: {actor: author}
        fields: {title: summary}
        events:
          - when: {field: status}
            set: {state: {column: to, before: from, values: {To Do: new, Doing: in_progress, Done: resolved}}}
          - when: {field: priority}
            set: {priority: {column: to, before: from, values: {High: 2, Low: 4}}}
          - when: {field: [assignee, Assignee Type]}
            set: {assignee: to}
          - when: {field: Comment}
            set: {comment: {template: "{to}"}}
        """
    rows = """
        key,summary,created,when,author,field,from,to
        J-1,Broken,01/Jan/24 9:00 AM,01/Jan/24 9:30 AM,ann,status,To Do,Doing
        J-1,Broken,01/Jan/24 9:00 AM,01/Jan/24 9:40 AM,ann,Sprint,,12
        J-1,Broken,01/Jan/24 9:00 AM,01/Jan/24 10:00 AM,ann,priority,Low,High
        J-1,Broken,01/Jan/24 9:00 AM,01/Jan/24 11:00 AM,ann,Comment,,On it
        J-1,Broken,01/Jan/24 9:00 AM,01/Jan/24 12:00 PM,ann,status,Doing,Done
        """
    told = tell(folder=tmp_path, mapping=mapping, rows=rows)
    assert told.records["J-1"].entries[0].facts == {"state": "new", "priority": 4}
    assert told.verbs("J-1") == ["raise", "start", "update", "comment", "resolve"]
    assert told.changes("J-1", "priority") == [4, 2]
    told = tell(folder=tmp_path, mapping=mapping.replace(", unmatched: ignore", ""), rows=rows)
    assert [(fault.line, fault.code) for fault in told.faults] == [(3, "event_unknown")]


def test_activity_log_with_life_cycle_column(tmp_path: Path) -> None:
    mapping = """
        file: {delimiter: semicolon}
        rows: {kind: events, key: SR Number}
        times: {zone: Europe/Brussels, format: iso, event: Change Date+Time, opened: first_event}
        fields:
          state:
            columns: [Status, Sub Status]
            join: "/"
            values:
              Accepted/In Progress: in_progress
              Accepted/Wait*: pending_requester
              Queued/*: assigned
              Completed/Resolved: resolved
              Completed/Closed: closed
              Accepted/Noted: ignore
          priority: {column: Impact, values: {High: 2, Medium: 3, Low: 4}}
          support_group: Involved ST
        """
    rows = """
        SR Number;Change Date+Time;Status;Sub Status;Impact;Involved ST
        1-36;2010-03-31T15:59:42+01:00;Accepted;In Progress;Medium;V30
        1-36;2010-03-31T16:45:48+01:00;Queued;Awaiting Assignment;Medium;V5 3rd
        1-36;2010-04-06T15:44:07+01:00;Accepted;Wait - User;Medium;V5 3rd
        1-36;2010-04-06T15:44:38+01:00;Accepted;Noted;High;V5 3rd
        1-36;2011-08-29T07:12:35+01:00;Completed;Closed;Medium;V5 3rd
        """
    told = tell(folder=tmp_path, mapping=mapping, rows=rows)
    states = [state for _, state in told.states("1-36")]
    assert states == ["new", "in_progress", "assigned", "pending_requester", "closed"]
    assert told.changes("1-36", "support_group") == ["V30", "V5 3rd"]
    assert told.changes("1-36", "priority") == [3, 2, 3]
    assert told.records["1-36"].opened_at == 1_270_047_582


def test_zone_may_stand_in_each_row_and_response_in_a_column(tmp_path: Path) -> None:
    mapping = """
        rows: {kind: events, key: id}
        times:
          zone: UTC
          format: "%d/%m/%Y %I:%M %p"
          event: {column: at, zone_column: tz}
          opened: first_event
          responded: {column: answered, format: epoch}
        fields: {state: {column: state, values: {open: new, done: closed}}}
        """
    rows = """
        id,at,tz,answered,state
        1,01/07/2024 09:00 AM,Europe/London,1719822600,open
        1,01/07/2024 12:00 PM,America/New_York,1719822600,done
        1,01/07/2024 12:00 PM,Atlantis,,done
        """
    told = tell(folder=tmp_path, mapping=mapping, rows=rows)
    entries = told.records["1"].entries
    assert [(entry.at, entry.verb) for entry in entries] == [
        (1_719_820_800, "raise"),
        (1_719_822_600, "comment"),
        (1_719_849_600, "close"),
    ]
    assert [(fault.code, fault.column, fault.value) for fault in told.faults] == [
        ("zone_unknown", "tz", "Atlantis")
    ]


def test_steps_that_only_a_requester_comments_are_no_response(tmp_path: Path) -> None:
    targets = (
        "calendars: {always: {always: true}}\n"
        "targets: [{code: reply, metric: response, duration: 1h, calendar: always, stop: "
        "responded:comment}]\n"
    )
    rows = (
        HEADER
        + row("09:10", "N", said="any news?", by="cal")
        + row("09:50", "N", said="yes")
        + row("10:30", "C")
    )
    told = tell(folder=tmp_path, mapping=snapshots() + targets, rows=rows)
    (clock,) = told.contract.clocks(record=told.records["1"], now=NINE + 10 * HOUR)
    assert (clock.elapsed, clock.met, clock.stopped_at) == (50 * 60, True, NINE + 50 * 60)
