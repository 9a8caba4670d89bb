"""How an offering is fulfilled: tasks, each after others, some of them only under a condition.

    {"tasks": [{"code", "name": {"en", "cy"}, "group": code, "after"?: [codes], "when"?: condition,
                "takes"?: "PT4H", "calendar"?: code, "component"?: code, "form"?: form notation,
                "told"?: {"en", "cy"}, "action"?: {"hook": code, "send"?: {...}} | {"run": name, "with"?: {...}}}]}

`takes` is working time of the calendar, or of every day without one; a component takes what its contract says.
`form` is what is filled in on completing the task, `told` are plain words for the requester.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from catalogue.engine.cycles import find_cycle
from catalogue.engine.durations import read_seconds
from catalogue.engine.forms import (
    Condition,
    Form,
    FormFaultyError,
    holds,
    missing_welsh,
    read_condition,
    read_form,
)
from catalogue.engine.texts import is_text
from tenancy.engine.words import say

TASKS_MAX = 500
_CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LANGUAGES = ("en", "cy")
_KNOWN = {
    "code", "name", "after", "group", "takes", "calendar", "component", "form", "when", "told", "action",
}  # fmt: skip
_LONGEST = {"code": 60, "name": 200, "told": 500}
_ACTION_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
Faults = dict[str, str]
Words = Mapping[str, str]


class PlanFaultyError(ValueError):
    """A plan that cannot be: `faults` tells each, by path."""

    code = "plan_faulty"

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {reason}" for path, reason in faults.items()))
        self.faults = dict(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What a task does by itself: tells a `hook` (by code), or runs a registered action. `given` goes with it."""

    kind: str
    name: str
    given: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task of a plan. `seconds` None says no time; `notation` is all of it as it was written."""

    code: str
    name: Words
    group: str
    after: tuple[str, ...]
    when: Condition | None
    seconds: int | None
    calendar: str
    component: str
    told: Words
    action: Action | None
    notation: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """Tasks in the order they were written."""

    tasks: tuple[Task, ...]

    def chosen(self, answers: Mapping[str, Any]) -> tuple[Task, ...]:
        """The tasks that these answers call for; what waited for one left out waits for what that waited for."""
        by_code = {task.code: task for task in self.tasks}
        done = {task.code for task in self.tasks if holds(task.when, answers)}
        needs: dict[str, tuple[str, ...]] = {}
        for code in _in_order(by_code):
            found: dict[str, None] = {}
            for before in by_code[code].after:
                found |= dict.fromkeys((before,) if before in done else needs[before])
            needs[code] = tuple(found)
        return tuple(replace(task, after=needs[task.code]) for task in self.tasks if task.code in done)


def read_plan(data: Any, form: Form | None = None) -> Plan:
    """A plan from its notation; `form` is the one whose answers its conditions look at. No notation is no tasks.

    Raises PlanFaultyError with all that is wrong, by path.
    """
    if data is None:
        return Plan(())
    faults: Faults = {}
    if not isinstance(data, Mapping) or set(data) != {"tasks"} or not isinstance(data["tasks"], list):
        raise PlanFaultyError({"": say('A plan is written as {"tasks": [...]}.')})
    written = data["tasks"]
    if len(written) > TASKS_MAX:
        raise PlanFaultyError(
            {
                "tasks": say(
                    "Use %(most)s tasks at most; these are %(count)s.",
                    most=TASKS_MAX,
                    count=len(written),
                )
            }
        )
    types, options = _questions(form)
    tasks = []
    for place, each in enumerate(written):
        path = f"tasks.{place}"
        if isinstance(each, Mapping):
            tasks.append(_task(each, path, types, options, faults))
        else:
            faults[path] = say("A task is an object.")
    _check_graph(tasks, faults, is_whole=len(tasks) == len(written))
    if faults:
        raise PlanFaultyError(faults)
    return Plan(tuple(tasks))


def seconds_of(takes: str | None) -> int | None:
    """Seconds of a task's `takes`, as it was read in its plan; None when it says no time."""
    return read_seconds(takes, "takes", {})


def missing_plan_words(data: Any) -> Faults:
    """What must still be said in Welsh before the plan is published, by path. The plan was read before."""
    faults = {}
    for place, each in enumerate((data or {}).get("tasks", ())):
        for part in ("name", "told"):
            words = each.get(part)
            if words and not str(words.get("cy", "")).strip():
                faults[f"tasks.{place}.{part}.cy"] = say("Say this in Welsh.")
        for path, reason in missing_welsh(each.get("form")).items():
            faults[f"tasks.{place}.form.{path}"] = reason
    return faults


def _in_order(by_code: Mapping[str, Task]) -> Iterator[str]:
    """Codes, each after those it needs."""
    left = {code: len(set(task.after)) for code, task in by_code.items()}
    followers: dict[str, list[str]] = {code: [] for code in by_code}
    for code, task in by_code.items():
        for before in set(task.after):
            followers[before].append(code)
    free = [code for code, count in left.items() if not count]
    while free:
        code = free.pop()
        yield code
        for after in followers[code]:
            left[after] -= 1
            if not left[after]:
                free.append(after)


def _questions(form: Form | None) -> tuple[dict[str, str], dict[str, set[str]]]:
    fields = [each for _, each in form.fields()] if form else []
    types = {each.code: each.type for each in fields}
    return types, {each.code: {option.value for option in each.options} for each in fields}


def _task(
    data: Mapping[str, Any],
    path: str,
    types: Mapping[str, str],
    options: Mapping[str, set[str]],
    faults: Faults,
) -> Task:
    for name in sorted(map(str, set(data) - _KNOWN)):
        faults[f"{path}.{name}"] = say(
            "There is no such part. Known: %(known)s.", known=", ".join(sorted(_KNOWN))
        )
    when = data.get("when")
    if when is not None:
        when = read_condition(when, types, options, f"{path}.when", faults)
    seconds = read_seconds(data.get("takes"), f"{path}.takes", faults)
    calendar, component = (_optional_code(data, name, path, faults) for name in ("calendar", "component"))
    if component and (data.get("takes") is not None or calendar):
        faults[f"{path}.component"] = say("Give a time, or a component whose contract says it, not both.")
    elif calendar and data.get("takes") is None:
        faults[f"{path}.takes"] = say("Say how much working time of the calendar it takes.")
    if data.get("form") is not None:
        try:
            read_form(data["form"])
        except FormFaultyError as faulty:
            faults |= {f"{path}.form.{inner}": reason for inner, reason in faulty.faults.items()}
    return Task(
        code=_code(data.get("code"), f"{path}.code", faults),
        name=_words(data.get("name"), "name", path, faults, is_needed=True),
        group=_code(data.get("group"), f"{path}.group", faults),
        after=_after(data.get("after", []), f"{path}.after", faults),
        when=when,
        seconds=seconds,
        calendar=calendar,
        component=component,
        told=_words(data.get("told"), "told", path, faults, is_needed=False),
        action=_action(data.get("action"), f"{path}.action", faults),
        notation=data,
    )


def _code(given: Any, path: str, faults: Faults) -> str:
    if isinstance(given, str) and _CODE.fullmatch(given) and len(given) <= _LONGEST["code"]:
        return given
    faults[path] = say(
        "Use small letters, digits and hyphens, %(longest)s characters at most.", longest=_LONGEST["code"]
    )
    return ""


def _optional_code(data: Mapping[str, Any], name: str, path: str, faults: Faults) -> str:
    given = data.get(name)
    return "" if given in (None, "") else _code(given, f"{path}.{name}", faults)


def _after(given: Any, path: str, faults: Faults) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        faults[path] = say("Use a list of codes of other tasks.")
        return ()
    if len(set(given)) < len(given):
        faults[path] = say("A task is named twice.")
    return tuple(dict.fromkeys(given))


def _words(given: Any, name: str, path: str, faults: Faults, *, is_needed: bool) -> dict[str, str]:
    if given is None and not is_needed:
        return {}
    if not isinstance(given, Mapping) or set(given) - set(_LANGUAGES):
        faults[f"{path}.{name}"] = say('Say it as {"en": "...", "cy": "..."}.')
        return {}
    found = {}
    for language, text in given.items():
        if not is_text(text):
            faults[f"{path}.{name}.{language}"] = say("This is text.")
        elif len(text) > _LONGEST[name]:
            faults[f"{path}.{name}.{language}"] = say(
                "Use %(longest)s characters at most.", longest=_LONGEST[name]
            )
        else:
            found[language] = text
    if is_needed and not found.get("en", "").strip():
        faults.setdefault(f"{path}.{name}.en", say("Give it a name in English."))
    return found


def _action(given: Any, path: str, faults: Faults) -> Action | None:
    if given is None:
        return None
    for kind, extra in (("hook", "send"), ("run", "with")):
        if isinstance(given, Mapping) and kind in given:
            for name in sorted(map(str, set(given) - {kind, extra})):
                faults[f"{path}.{name}"] = say(
                    "Beside %(kind)s there is only %(extra)s.", kind=repr(kind), extra=repr(extra)
                )
            name, sent = given[kind], given.get(extra, {})
            if not isinstance(name, str) or not _ACTION_NAME.fullmatch(name):
                faults[f"{path}.{kind}"] = say("Name it in small letters, digits, dots and hyphens.")
            if not isinstance(sent, Mapping):
                faults[f"{path}.{extra}"] = say("This is an object.")
                sent = {}
            return Action(kind=kind, name=str(name), given=sent)
    faults[path] = 'Say {"hook": code} or {"run": name}.'
    return None


def _check_graph(tasks: Sequence[Task], faults: Faults, *, is_whole: bool) -> None:
    codes = [task.code for task in tasks]
    known: set[str] = set()
    for place, code in enumerate(codes):
        if code and code in known:
            faults[f"tasks.{place}.code"] = say(
                "There is another task with the code %(code)s.", code=repr(code)
            )
        known.add(code)
    strangers = False
    for place, task in enumerate(tasks):
        for before in task.after:
            if before not in known and is_whole:
                faults.setdefault(
                    f"tasks.{place}.after",
                    say("There is no task with the code %(before)s.", before=repr(before)),
                )
                strangers = True
    if strangers or not is_whole or len(known) < len(codes):
        return
    cycle = find_cycle({task.code: task.after for task in tasks})
    if cycle:
        names = {task.code: task.name.get("en", task.code) for task in tasks}
        chain = " → ".join(names[code] for code in cycle)
        faults[f"tasks.{codes.index(cycle[0])}.after"] = say(
            "These tasks wait for each other in a circle: %(chain)s.", chain=chain
        )
