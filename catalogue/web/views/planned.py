"""The tasks of a plan as people read them: line by line, and as a picture."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from catalogue.engine.automations import automations
from catalogue.engine.forms.editing import questions_in
from catalogue.engine.forms.offered import condition_words
from catalogue.engine.plan_picture import Picture, Sketch, draw
from catalogue.engine.plans import seconds_of
from design.moments import duration_short
from people.public import directory

Task = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task in words: `takes` in seconds, None where the plan says no time; `after` are codes, `waits_for` names."""

    code: str
    name: str
    name_cy: str
    group: str
    after: tuple[str, ...]
    waits_for: tuple[str, ...]
    when: str
    takes: int | None
    component: str
    action: str


def task_lines(tasks: Sequence[Task], form: Any) -> list[TaskLine]:
    """The tasks of a plan's notation, whose conditions look at the answers to this form (as notation)."""
    named = {task["code"]: _name(task) for task in tasks}
    groups = {each.code: each.name for each in directory().groups.values()}
    asked = [question for _page, question in questions_in(form)]
    action_of = _said_of(tasks)
    return [
        TaskLine(
            code=task["code"],
            name=named[task["code"]],
            name_cy=task["name"].get("cy", ""),
            group=str(groups.get(task["group"], task["group"])),
            after=tuple(task.get("after", ())),
            waits_for=tuple(named.get(each, each) for each in task.get("after", ())),
            when=condition_words(task.get("when"), asked),
            takes=seconds_of(task.get("takes")),
            component=task.get("component", ""),
            action=action_of(task),
        )
        for task in tasks
    ]


def picture_of(lines: Iterable[TaskLine]) -> Picture:
    """The tasks as boxes, an arrow from each to those that wait for it."""
    return draw(
        [
            Sketch(
                code=line.code,
                name=line.name,
                notes=(line.action or line.group, _time(line)),
                after=line.after,
                is_conditional=bool(line.when),
            )
            for line in lines
        ]
    )


def _name(task: Task) -> str:
    return str(task["name"].get("en", task["code"]))


def _time(line: TaskLine) -> str:
    return duration_short(line.takes) if line.takes else line.component


def _said_of(tasks: Sequence[Task]) -> Callable[[Task], str]:
    """What a task does by itself, in words; the names of hooks and actions are read only where some task does."""
    is_read = any(task.get("action") for task in tasks)
    names = {(each.kind, each.code): each.name for each in automations()} if is_read else {}

    def said(task: Task) -> str:
        action = task.get("action") or {}
        if "hook" in action:
            name = names.get(("hook", action["hook"]), action["hook"])
            return gettext("Tells the hook %(name)s") % {"name": name}
        if "run" in action:
            return gettext("Runs %(name)s") % {"name": names.get(("run", action["run"]), action["run"])}
        return ""

    return said
