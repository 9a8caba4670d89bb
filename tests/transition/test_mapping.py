"""A mapping file is read strictly: every mistake is named with its place and its remedy."""

import textwrap
from pathlib import Path

import pytest

from transition.engine import contract_fingerprint
from transition.engine.faults import MappingError
from transition.engine.mapping import HistoryMapping
from transition.engine.parse_mapping import load_mapping, parse_mapping, provider_of

SOUND = """
rows: {kind: events, key: case}
times: {zone: Europe/London, format: iso, event: at, opened: first_event}
fields:
  state: {column: status, values: {Open: new, Done: closed}}
calendars:
  office:
    weekly: {mon-fri: ["9:00-12:30", ["13:15", "17:30"]]}
    holidays: [2026-12-25..2026-12-28]
    exceptions: {2026-12-24: ["09:00-12:00"]}
targets:
  - {code: fix, duration: 8h, calendar: office, stop: closed, pause: pending_requester}
"""


def parsed(source: str) -> HistoryMapping:
    return parse_mapping(source=textwrap.dedent(source), file="map.yaml")


def mistakes(source: str) -> list[str]:
    with pytest.raises(MappingError) as caught:
        parsed(source)
    return [str(fault) for fault in caught.value.faults]


def test_calendar_shorthand_becomes_the_full_form() -> None:
    definition = parsed(SOUND).calendars["office"].definition
    assert definition["zone"] == "Europe/London"
    assert definition["weekly"]["wed"] == [["09:00", "12:30"], ["13:15", "17:30"]]
    assert definition["holidays"] == ["2026-12-25", "2026-12-26", "2026-12-27", "2026-12-28"]
    assert definition["exceptions"] == {"2026-12-24": [["09:00", "12:00"]]}


def test_public_holidays_of_a_country_are_listed() -> None:
    source = SOUND.replace(
        "holidays: [2026-12-25..2026-12-28]",
        "holidays: {country: GB, region: SCT, years: 2026, also: [2026-06-15], except: [2026-11-30]}",
    )
    holidays = parsed(source).calendars["office"].definition["holidays"]
    assert {"2026-01-02", "2026-12-25", "2026-06-15"} <= set(holidays)
    assert "2026-11-30" not in holidays


def test_several_mistakes_are_told_at_once_with_line_and_column() -> None:
    found = mistakes(
        """\
        rows: {kind: events, key: case}
        times: {zone: Europe/Londn, format: "%d/%m/%Y %I:%M", event: at, opened: first_event}
        fields:
          state: {column: status, values: {Open: opened}}
        targetz: []
        """
    )
    assert found[0].startswith("map.yaml:2:15: times.zone: 'Europe/Londn' is no time zone")
    assert any(line.startswith("map.yaml:2:37: times.format:") and "AM/PM" in line for line in found)
    assert any(
        line.startswith("map.yaml:4:42: fields.state.values.Open: 'opened' is no state") for line in found
    )
    assert any(
        line == "map.yaml:5:1: targetz: the key 'targetz' is not known here; did you mean 'targets'?"
        for line in found
    )


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("kind: events", "kind: event", "rows.kind", "did you mean 'events'?"),
        ("duration: 8h", "duration: 2d", "targets[0].duration", "give the time in hours"),
        ("duration: 8h", "duration: 8", "targets[0].duration", "is not a time such as"),
        ("calendar: office", "calendar: offise", "targets[0].calendar", "did you mean 'office'?"),
        ("stop: closed", "stop: [close]", "targets[0].stop[0]", "did you mean 'closed'?"),
        ("pending_requester", "waiting", "targets[0].pause", "is not known here"),
        ("9:00-12:30", "12:00-13:30", "calendars.office.weekly.mon-fri", "weekly.mon"),
        ("9:00-12:30", "nine to five", "calendars.office.weekly.mon-fri[0]", "not an interval"),
        ("2026-12-25..2026-12-28", "2026-13-25", "calendars.office.holidays[0]", "is no date"),
        ("mon-fri", "mon-fry", "calendars.office.weekly.mon-fry", "is no day"),
        ("event: at, ", "", "times", "the key 'event' is missing"),
        ("column: status", "kolumn: status", "fields.state.kolumn", "did you mean 'column'?"),
        ("Done: closed", "open: closed", "fields.state.values.open", "listed twice"),
        ("  state:", "  status:", "fields.status", "did you mean 'state'?"),
        ("code: fix, ", "", "targets[0]", "the key 'code' is missing"),
        ("key: case", "key: case, kind: cases", "rows.kind", "written twice"),
    ],
)
def test_mistake_is_named_with_its_path_and_remedy(old: str, new: str, place: str, words: str) -> None:
    assert old in SOUND
    found = mistakes(SOUND.replace(old, new))
    assert any(f": {place}: " in line and words in line for line in found), found


def test_broken_yaml_is_a_mistake_with_a_line() -> None:
    (found,) = mistakes("rows: {kind: events\ntimes: ]")
    assert found.startswith("map.yaml:2:")
    assert "is not valid YAML" in found


@pytest.mark.parametrize("source", ["", "- a\n- b", "just words"])
def test_a_file_that_is_no_mapping_is_refused(source: str) -> None:
    assert mistakes(source)


def test_missing_mapping_file_is_a_mapping_error(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="cannot be read"):
        load_mapping(path=tmp_path / "none.yaml")


def test_anchors_and_merges_save_repeating() -> None:
    source = SOUND.replace(
        "- {code: fix, duration: 8h, calendar: office, stop: closed, pause: pending_requester}",
        """- &base {code: P1, duration: 4h, calendar: office, stop: closed, applies_to: {priority: 1}}
  - {<<: *base, code: P2, duration: 8h, applies_to: {priority: [2, P3]}}""",
    )
    first, second = parsed(source).targets
    assert (first.duration_s, second.duration_s, second.calendar) == (14_400, 28_800, "office")
    assert second.applies_to == {"priority": frozenset({2, 3})}


def test_group_patterns_give_the_provider() -> None:
    mapping = parsed(SOUND + "providers: {Network*: Wires Ltd, '*': The department}")
    assert provider_of(mapping=mapping, support_group="network north") == "Wires Ltd"
    assert provider_of(mapping=mapping, support_group="Desk") == "The department"


def test_what_happens_on_the_way_to_a_breach_is_no_part_of_the_contract() -> None:
    """An import goes on under its name whatever happens at the points; a pause until a day judges otherwise."""
    plain = contract_fingerprint(mapping=parsed(SOUND))
    marks = {
        more: contract_fingerprint(mapping=parsed(SOUND.replace("pause: pending_requester", more)))
        for more in (
            "pause: pending_requester, escalations: [{percent: 100, action: raise_priority}]",
            "pause: pending_requester, escalations: []",
            "pause: pending_requester, pause_until: false",
            "pause: pending_requester, pause_until: true",
            "pause: [pending_requester, 'holder:wire']",
        )
    }
    assert [mark == plain for mark in marks.values()] == [True, True, True, False, False]
    # The same as before these could be said: what an import from then was made with.
    assert plain == "a3ec609d8568568257896dc7c6891447c2deb097f440c2569e9aa79aff71384c"
