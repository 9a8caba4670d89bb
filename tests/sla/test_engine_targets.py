"""Which target applies, and which targets are refused."""

from __future__ import annotations

from typing import Any

import pytest

from sla.engine import Attributes, TargetBook, TargetDefinition, TargetDefinitionError, best_match


def _target(code: str, **more: Any) -> TargetDefinition:
    plain: dict[str, Any] = {
        "id": code,
        "code": code,
        "kind": "sla",
        "metric": "resolution",
        "duration": 60,
        "calendar": "c",
        "scope": {name: frozenset(values) for name, values in more.pop("scope", {}).items()},
    }
    return TargetDefinition(**plain | more)


_RECORD = Attributes(
    kind="incident",
    priority=1,
    service="mail",
    support_group="desk",
    organisation="area",
    organisation_path=("defra", "agency", "area"),
    origin="old-tool",
)


@pytest.mark.parametrize(
    ("scopes", "winner"),
    [
        ([{}, {"kind": ["incident"]}], 1),
        ([{"priority": [1], "kind": ["incident"]}, {"service": ["mail"]}], 0),
        ([{"priority": [1]}, {"service": ["mail"]}], 1),
        ([{"organisation": ["agency"]}, {"priority": [1]}], 0),
        ([{"organisation": ["agency"]}, {"organisation": ["defra"]}], 0),
        ([{"organisation": ["area"]}, {"organisation": ["agency", "defra"]}], 0),
        ([{"service": ["maps"]}, {}], 1),
        ([{"priority": [1, 2]}, {"priority": [1]}], 1),
        ([{"priority": []}, {"kind": ["incident"]}], 1),
        ([{"origin": ["old-tool"]}, {"service": ["mail"], "priority": [1], "kind": ["incident"]}], 0),
        ([{"origin": ["old-tool"]}, {"origin": ["old-tool"], "priority": [1]}], 1),
        ([{"origin": ["other-tool"]}, {}], 1),
        ([{"organisation": ["elsewhere"]}], None),
    ],
)
def test_the_most_specific_target_applies_and_the_newest_of_equals(
    scopes: list[dict[str, Any]], winner: int | None
) -> None:
    targets = [_target(f"T{order}", scope=scope, created_order=order) for order, scope in enumerate(scopes)]
    expected = None if winner is None else targets[winner]
    for arranged in (targets, targets[::-1]):
        assert best_match(definitions=arranged, attributes=_RECORD, at=0) is expected
        (chain,) = TargetBook(arranged).chains
        assert chain.match(attributes=_RECORD, at=0) is expected
        assert chain.match(attributes=_RECORD, at=0) is expected


def test_only_targets_in_force_apply() -> None:
    old = _target("old", effective_from=100, effective_to=200)
    new = _target("new", effective_from=200, created_order=1)
    found = {at: best_match(definitions=(old, new), attributes=_RECORD, at=at) for at in (99, 100, 199, 200)}
    assert found == {99: None, 100: old, 199: old, 200: new}
    assert best_match(definitions=(old,), attributes=_RECORD, at=200) is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "slo"}, "kind"),
        ({"duration": 0}, "duration"),
        ({"scope": {"colour": ["red"]}}, "scope.colour"),
        ({"stop_on": frozenset()}, "stop_on"),
        ({"stop_on": frozenset({"responded:shouted"})}, "stop_on"),
        ({"pause_on": frozenset({"responded:comment"})}, "pause_on"),
        ({"start_on": "nobody:knows"}, "start_on"),
        ({"warn_at": (0, 50)}, "warn_at"),
        ({"warn_at": (50, 100)}, "warn_at"),
        ({"warn_at": (50, 75, 50)}, "warn_at"),
        ({"metric": "happiness"}, "metric"),
        ({"pause_on": frozenset({"resolved"})}, "pause_on"),
        ({"pause_on": frozenset({"closed"})}, "pause_on"),
        ({"pause_on": frozenset({"holder:nobody"})}, "pause_on"),
        ({"pause_on": frozenset({"group:"})}, "pause_on"),
        ({"pause_on": frozenset({""})}, "pause_on"),
        ({"metric": "update", "stop_on": frozenset({"resolved", "responded:comment"})}, "stop_on"),
        ({"metric": "approval", "kind": "uc"}, "kind"),
        ({"metric": "approval", "start_on": "in_progress"}, "start_on"),
        ({"metric": "approval", "stop_on": frozenset({"responded:assigned"})}, "stop_on"),
        ({"metric": "approval", "pause_on": frozenset({"holder:approver"})}, "pause_on"),
        ({"effective_from": 2, "effective_to": 1}, "effective_to"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused_with_its_place(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(TargetDefinitionError) as refused:
        _target("T", **wrong)
    assert refused.value.field == field
    assert refused.value.code == "target_invalid"
