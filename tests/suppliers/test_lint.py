"""The linter of mappings names the missing row, and finds every mapping by which two systems could chase each other."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.engine.lint import errors, lint
from suppliers.engine.mapping import MappingFaultyError, Values, read_mapping
from suppliers.engine.translate import Said, UnmappedError, incoming, outgoing, says_the_same
from suppliers.engine.vocabulary import Field, Vocabulary

PHASES = {
    "new": "open",
    "assigned": "open",
    "in_progress": "open",
    "pending_requester": "pending",
    "resolved": "resolved",
    "closed": "closed",
}
INCIDENT = Vocabulary(
    "incident",
    "incident",
    PHASES,
    {name: name for name in PHASES},
    ("1", "2", "3"),
    (Field("title", "Title", is_required=True, comes_in=True), Field("number", "Number")),
)
RIGHT: dict[str, Any] = {
    "theirs": {
        "states": ["open", "working", "on hold", "done"],
        "priorities": ["high", "low"],
        "fields": [
            {"name": "short", "required": True},
            {"name": "company", "required": True},
            {"name": "ref"},
        ],
    },
    "states": {
        "out": {
            "new": "open",
            "assigned": "open",
            "in_progress": "working",
            "pending_requester": "on hold",
            "resolved": "done",
            "closed": "done",
        },
        "in": {
            "open": "assigned",
            "working": "in_progress",
            "on hold": "pending_requester",
            "done": "resolved",
        },
    },
    "priorities": {"out": {"1": "high", "2": "high", "3": "low"}, "in": {"high": "2", "low": "3"}},
    "fields": [
        {"ours": "title", "theirs": "short", "owner": "latest"},
        {"ours": "number", "theirs": "ref", "owner": "ours"},
    ],
    "constants": {"company": "Defra"},
    "samples": [{"state": "done", "priority": "high", "fields": {"short": "Printer"}}],
}
ROWS = [
    (part, way, row) for part in ("states", "priorities") for way in ("out", "in") for row in RIGHT[part][way]
]


def changed(**parts: Any) -> dict[str, Any]:
    return deepcopy(RIGHT) | parts


def found(data: dict[str, Any]) -> list[tuple[str, str]]:
    return [(finding.code, finding.path) for finding in errors(lint(read_mapping(data), INCIDENT))]


def test_a_whole_mapping_may_go_live_and_what_is_lost_is_told() -> None:
    assert found(RIGHT) == []
    told = {finding.path for finding in lint(read_mapping(RIGHT), INCIDENT)}
    assert told == {"states.in.open", "states.in.done", "priorities.in.high"}


@pytest.mark.parametrize(("part", "way", "row"), ROWS)
def test_each_row_is_missed_by_its_name(part: str, way: str, row: str) -> None:
    data = deepcopy(RIGHT)
    del data[part][way][row]
    assert ("unmapped", f"{part}.{way}.{row}") in found(data)


def test_each_required_field_is_missed() -> None:
    title, number = RIGHT["fields"]
    assert ("unmapped", "fields.title") in found(changed(fields=[number]))
    assert ("unmapped", "theirs.fields.company") in found(changed(constants={}))
    assert ("owner", "fields.1.owner") in found(changed(fields=[title, number | {"owner": "theirs"}]))
    assert ("unknown", "fields.0.theirs") in found(changed(fields=[title | {"theirs": "long"}, number]))
    assert ("unknown", "fields.0.ours") in found(changed(fields=[title | {"ours": "moon"}, number]))
    assert ("unknown", "constants.moon") in found(changed(constants={"company": "x", "moon": "full"}))


def test_two_states_that_chase_each_other_are_named() -> None:
    data = deepcopy(RIGHT)
    data["theirs"]["states"].append("shut")
    data["states"]["out"] |= {"resolved": "done", "closed": "shut"}
    data["states"]["in"] |= {"done": "closed", "shut": "resolved"}
    (finding,) = errors(lint(read_mapping(data), INCIDENT))
    assert (finding.code, finding.words) == (
        "oscillates",
        "Going out and coming in, it goes round for ever: resolved → closed → resolved.",
    )


def test_a_round_trip_keeps_the_phase() -> None:
    data = deepcopy(RIGHT)
    data["states"]["out"]["pending_requester"] = "working"
    assert ("changes_phase", "states.in.working") in found(data)


def test_a_sample_comes_back_as_it_was_sent() -> None:
    strange = [{"state": "asleep", "fields": {"short": "x"}}]
    assert found(changed(samples=strange)) == [("unmapped", "states.in.asleep")]
    lost = lint(read_mapping(changed(samples=[{"state": "open", "fields": {"colour": "red"}}])), INCIDENT)
    assert "samples.0.fields.colour" in {finding.path for finding in lost if not finding.is_error}


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ([], ""),
        ({"moon": 1}, "moon"),
        ({"theirs": {"moon": 1}}, "theirs.moon"),
        ({"theirs": {"states": "x"}}, "theirs.states"),
        ({"theirs": {"states": ["x", "x"]}}, "theirs.states"),
        ({"theirs": {"states": [1]}}, "theirs.states.0"),
        ({"theirs": {"fields": [{"name": "a", "required": "yes"}]}}, "theirs.fields.0.required"),
        ({"states": {"out": []}}, "states.out"),
        ({"states": {"over": {}}}, "states.over"),
        ({"states": {"out": {"new": 1}}}, "states.out.new"),
        ({"fields": [{"ours": "a", "theirs": "b", "owner": "nobody"}]}, "fields.0.owner"),
        ({"fields": [{"ours": "a"}]}, "fields.0.theirs"),
        ({"fields": [{"ours": "a", "theirs": "b"}, {"ours": "a", "theirs": "c"}]}, "fields"),
        ({"fields": [{"ours": "a", "theirs": "b"}], "constants": {"b": "x"}}, "fields"),
        ({"samples": [{}] * 21}, "samples"),
        ({"samples": [{"fields": []}]}, "samples.0.fields"),
    ],
)
def test_a_faulty_notation_is_told_by_path(data: Any, path: str) -> None:
    with pytest.raises(MappingFaultyError) as refused:
        read_mapping(data)
    assert path in refused.value.faults


def test_translating() -> None:
    table = read_mapping(RIGHT)
    ours = Said("closed", "1", {"title": "Printer", "number": "INC1", "moon": "x"})
    assert outgoing(table, ours) == Said(
        "done", "high", {"short": "Printer", "ref": "INC1", "company": "Defra"}
    )
    # They said so already: it is not sent again, and their saying so changes nothing here.
    assert incoming(table, Said("done", "high", {}), ours=ours) == Said("closed", "1", {})
    assert incoming(table, Said("working", "", {"short": "x", "moon": "y"}), ours=ours) == Said(
        "in_progress", "1", {"title": "x"}
    )
    with pytest.raises(UnmappedError) as missing:
        incoming(table, Said("asleep"))
    assert (missing.value.path, missing.value.value) == ("states.in", "asleep")


OURS, THEIRS = list("abcd"), list("vwxyz")
maps = st.fixed_dictionaries(
    {
        "out": st.fixed_dictionaries({name: st.sampled_from(THEIRS) for name in OURS}),
        "in": st.fixed_dictionaries({name: st.sampled_from(OURS) for name in THEIRS}),
    }
)


@given(rows=maps)
def test_the_linter_finds_exactly_what_would_go_round(rows: dict[str, dict[str, str]]) -> None:
    """Between two systems that answer whatever they hear, a change of ours comes to rest or it does not."""
    vocabulary = Vocabulary("p", "p", dict.fromkeys(OURS, "open"), {}, (), ())
    table = read_mapping({"theirs": {"states": THEIRS}, "states": rows})
    accused = any(finding.code == "oscillates" for finding in lint(table, vocabulary))

    def rests(value: str) -> bool:
        for _ in range(len(OURS) + 1):
            again = rows["in"][rows["out"][value]]
            if again == value:
                return True
            value = again
        return False

    assert accused is not all(rests(value) for value in OURS)


@given(rows=maps, first=st.sampled_from(OURS), changes=st.lists(st.sampled_from(OURS + THEIRS), max_size=8))
def test_no_change_is_ever_answered(rows: dict[str, dict[str, str]], first: str, changes: list[str]) -> None:
    """By the rule of what says the same, one change makes one message at most, whatever the mapping."""
    values = Values(rows["out"], rows["in"])
    ours, theirs = first, values.out[first]
    for change in changes:
        if change in OURS:
            ours = change
            if not says_the_same(values, ours=ours, theirs=theirs):
                theirs = values.out[ours]
        else:
            theirs = change
            if not says_the_same(values, ours=ours, theirs=theirs):
                ours = values.back[theirs]
        assert says_the_same(values, ours=ours, theirs=theirs)
