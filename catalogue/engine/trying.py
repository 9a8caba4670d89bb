"""What a design would make of answers: who would be asked, what would be done, and what conditions leave out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.engine.approvals import Level, facts_of, read_approval
from catalogue.engine.designs import Design, read_design
from catalogue.engine.forms import read_form
from catalogue.engine.plans import Task, read_plan


@dataclass(frozen=True, slots=True)
class Trial:
    """What one of it would come to with some answers. `has_plan` tells a plan that calls for nothing from none."""

    design: Design
    levels: tuple[Level, ...]
    other_levels: tuple[Level, ...]
    tasks: tuple[Task, ...]
    other_tasks: tuple[Task, ...]
    has_plan: bool


def try_out(design: Mapping[str, Any], answers: Mapping[str, Any]) -> Trial:
    """A design that was read before, with these answers; what is not asked after them counts for nothing."""
    form = read_form(design.get("form"))
    given = {each.code: answers[each.code] for _page, each in form.asked(answers) if each.code in answers}
    said = read_design(design)
    approval = read_approval(design.get("approval"), form)
    levels = approval.chosen(facts_of(given, said.unit_price, 1))
    plan = read_plan(design.get("plan"), form)
    tasks = plan.chosen(given)
    asked, done = {level.code for level in levels}, {task.code for task in tasks}
    return Trial(
        design=said,
        levels=levels,
        other_levels=tuple(level for level in approval.levels if level.code not in asked),
        tasks=tasks,
        other_tasks=tuple(task for task in plan.tasks if task.code not in done),
        has_plan=design.get("plan") is not None,
    )
