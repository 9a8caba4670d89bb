"""Editing the notation of approval and fulfilment plans; whether they can be say `read_approval` and `read_plan`."""

from collections.abc import Mapping, Sequence
from typing import Any

from catalogue.engine.parts import Part, find_part, moved, with_part, without_part

Notation = Mapping[str, Any]
LEVELS, TASKS = "levels", "tasks"


def parts_in(plan: Notation | None, sort: str) -> list[Part]:
    """The levels or tasks of a plan's notation, in order."""
    return list((plan or {}).get(sort, ()))


def find_in(plan: Notation | None, sort: str, code: str) -> Part | None:
    """The level or task with this code."""
    return find_part(parts_in(plan, sort), code)


def with_in(plan: Notation | None, sort: str, part: Part) -> Notation:
    """The plan with this level or task in the place of the one with its code, else as the last."""
    return {sort: with_part(parts_in(plan, sort), part)}


def move_in(plan: Notation | None, sort: str, code: str, step: int) -> Notation:
    """The plan with a level or task `step` places further on."""
    return {sort: moved(parts_in(plan, sort), code, step)}


def without_level(plan: Notation | None, code: str) -> Notation | None:
    """The approval plan without a level; None when none is left."""
    return _plan(LEVELS, without_part(parts_in(plan, LEVELS), code))


def without_task(plan: Notation | None, code: str) -> Notation | None:
    """The plan without a task: what waited for it waits for what it waited for. None when no task is left."""
    gone = find_in(plan, TASKS, code) or {}
    rest = [
        dict(task) | {"after": _instead(task.get("after", ()), code, gone.get("after", ()))}
        if code in task.get("after", ())
        else task
        for task in without_part(parts_in(plan, TASKS), code)
    ]
    return _plan(TASKS, rest)


def _instead(after: Sequence[str], gone: str, before: Sequence[str]) -> list[str]:
    found: dict[str, None] = {}
    for code in after:
        found |= dict.fromkeys(before if code == gone else (code,))
    return list(found)


def _plan(sort: str, parts: Sequence[Part]) -> Notation | None:
    return {sort: list(parts)} if parts else None
