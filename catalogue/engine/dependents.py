"""What in a design depends on a part that is to go: conditions that look at a question, tasks that wait for a task."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.engine.forms import Condition, fields_of
from catalogue.engine.forms.editing import find_page, pages_in
from catalogue.engine.plan_editing import LEVELS, TASKS, find_in, parts_in, without_task

Design = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dependent:
    """A "page", "question", "level" or "task" by its path in the design, with its condition."""

    sort: str
    path: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task that waits for one that is to go, by its path; then it waits for `then` instead (codes of tasks)."""

    path: str
    code: str
    then: tuple[str, ...]


def dependents(design: Design, sort: str, code: str) -> list[Dependent]:
    """The conditions that would look at nothing without this "question", or "page" with all that it asks.

    Nothing looks at levels or tasks: for them there are none.
    """
    form = design.get("form")
    if sort == "page":
        page = find_page(form, code)
        gone = {each["code"] for each in page["fields"]} if page else set()
    else:
        gone = {code} if sort == "question" else set()
    return [
        Dependent(kind, path, part["when"])
        for kind, path, part, goes_too in _conditional(design, sort, code)
        if not goes_too and fields_of(part.get("when")) & gone
    ]


def _conditional(design: Design, sort: str, code: str) -> Iterator[tuple[str, str, Mapping[str, Any], bool]]:
    """Every part that may have a condition: sort, path, itself, and whether it goes with the part that is to go."""
    for number, page in enumerate(pages_in(design.get("form"))):
        goes = sort == "page" and page["code"] == code
        yield "page", f"form.pages.{number}", page, goes
        for place, asked in enumerate(page["fields"]):
            goes_too = goes or (sort == "question" and asked["code"] == code)
            yield "question", f"form.pages.{number}.fields.{place}", asked, goes_too
    for number, level in enumerate(parts_in(design.get("approval"), LEVELS)):
        yield "level", f"approval.levels.{number}", level, False
    for number, task in enumerate(parts_in(design.get("plan"), TASKS)):
        yield "task", f"plan.tasks.{number}", task, False


def waiting(design: Design, code: str) -> list[Waiting]:
    """The tasks that wait for this one, and what they wait for without it."""
    plan = design.get("plan")
    rest = without_task(plan, code)
    found = []
    for number, task in enumerate(parts_in(plan, TASKS)):
        if code in task.get("after", ()):
            after = (find_in(rest, TASKS, task["code"]) or {}).get("after", ())
            found.append(Waiting(f"plan.tasks.{number}", task["code"], tuple(after)))
    return found
