"""Approval plans: read from their notation with every fault by path; levels are chosen by answers and cost."""

from typing import Any

import pytest

from catalogue.engine.approvals import (
    LEVELS_MAX,
    ApprovalFaultyError,
    ApproverName,
    missing_approval_words,
    read_approval,
    read_level,
)
from catalogue.engine.forms import read_form


def form(code: str = "kind") -> Any:
    options = [{"value": each, "label": {"en": each, "cy": each}} for each in ("new", "used")]
    field = {"code": code, "type": "choice", "label": {"en": "Kind", "cy": "Math"}, "options": options}
    return read_form({"pages": [{"code": "p", "title": {"en": "P", "cy": "P"}, "fields": [field]}]})


def level(code: str = "manager", **rest: Any) -> dict[str, Any]:
    return {"code": code, "name": {"en": code, "cy": code}, "by": [{"manager": True}]} | rest


def faults_of(*levels: Any, asked: Any = None) -> dict[str, str]:
    with pytest.raises(ApprovalFaultyError) as refused:
        read_approval({"levels": list(levels)}, asked)
    return refused.value.faults


def test_a_plan_is_read() -> None:
    wanted = level(
        by=[{"manager": True}, {"person": " Boss@Defra.Example "}, {"group": "cab"}],
        rule="quorum",
        quorum=2,
        remind_after="PT8H",
        escalate_after="P2D",
        escalate_to=[{"role": "administrator"}],
        skip_if_qualified=True,
    )
    (read,) = read_approval({"levels": [wanted]}).levels
    assert read.by == (
        ApproverName("manager", ""),
        ApproverName("person", "boss@defra.example"),
        ApproverName("group", "cab"),
    )
    assert (read.rule, read.quorum, read.skips_qualified) == ("quorum", 2, True)
    assert (read.remind_after, read.escalate_after) == (8 * 3600, 2 * 24 * 3600)
    assert read_level(read.notation) == read
    assert read_approval(None).levels == ()


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (level(by=[]), "levels.0.by"),
        (level(by=[{"boss": True}]), "levels.0.by.0"),
        (level(by=[{"manager": False}]), "levels.0.by.0"),
        (level(by=[{"person": "nobody"}]), "levels.0.by.0"),
        (level(by=[{"role": 7}]), "levels.0.by.0"),
        (level(rule="most"), "levels.0.rule"),
        (level(quorum=2), "levels.0.quorum"),
        (level(rule="quorum", quorum=True), "levels.0.quorum"),
        (level(rule="quorum"), "levels.0.quorum"),
        (level(code="A b"), "levels.0.code"),
        (level(name={"cy": "x"}), "levels.0.name.en"),
        (level(name="x"), "levels.0.name"),
        (level(colour="red"), "levels.0.colour"),
        (level(remind_after="soon"), "levels.0.remind_after"),
        (level(escalate_after="P1D"), "levels.0.escalate_to"),
        (level(escalate_to=[{"manager": True}]), "levels.0.escalate_after"),
        (level(skip_if_qualified="yes"), "levels.0.skip_if_qualified"),
        (level(when={"field": "size", "is": "xl"}), "levels.0.when.field"),
        (level(when={"field": "kind", "is": "old"}), "levels.0.when.is"),
        ("level", "levels.0"),
    ],
)
def test_each_fault_has_its_path(given: Any, path: str) -> None:
    assert path in faults_of(given, asked=form())


def test_what_concerns_several_levels_is_found() -> None:
    assert "levels.1.code" in faults_of(level(), level())
    assert "levels" in faults_of(*(level(f"l{place}") for place in range(LEVELS_MAX + 1)))
    # What a level would know its cost by is not to be confused with an answer.
    assert "levels" in faults_of(level(), asked=form("cost"))


def test_levels_are_chosen_by_answers_cost_and_quantity() -> None:
    plan = read_approval(
        {
            "levels": [
                level("manager", when={"field": "cost", "at_least": 50000}),
                level("security", when={"field": "kind", "is": "used"}),
                level("owner"),
                level("bulk", when={"field": "quantity", "at_least": 10}),
            ]
        },
        form(),
    )
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"kind": "new", "cost": 49999, "quantity": 1}, ["owner"]),
        ({"kind": "new", "cost": 50000, "quantity": 1}, ["manager", "owner"]),
        ({"kind": "used", "cost": 0, "quantity": 10}, ["security", "owner", "bulk"]),
    ]
    for facts, codes in cases:
        assert [each.code for each in plan.chosen(facts)] == codes


def test_welsh_is_needed_to_publish() -> None:
    assert missing_approval_words({"levels": [level(name={"en": "Boss"}), level("b")]}).keys() == {
        "levels.0.name.cy"
    }
    assert missing_approval_words(None) == {}
