"""What answers would make, for whoever designs an offering: approval, tasks, what is left out, when it is ready."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalogue.engine.promising import promised_end
from catalogue.engine.trying import try_out
from catalogue.queries.price_words import price_in_words
from catalogue.web.views.levels import level_lines
from catalogue.web.views.planned import picture_of, task_lines


def what_it_makes(design: Mapping[str, Any], answers: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """What a page shows of it, for one of it ordered at `at` (UTC). Nothing is made."""
    trial = try_out(design, answers)
    form = design.get("form")
    # Their conditions hold: they are done, as if they had none.
    tasks = task_lines(
        [dict(task.notation) | {"after": list(task.after), "when": None} for task in trial.tasks], form
    )
    return {
        "price": price_in_words(trial.design.unit_price, trial.design.period),
        "levels": level_lines([level.notation for level in trial.levels], form),
        "other_levels": level_lines([level.notation for level in trial.other_levels], form),
        "has_plan": trial.has_plan,
        "tasks": tasks,
        "other_tasks": task_lines([task.notation for task in trial.other_tasks], form),
        "picture": picture_of(tasks),
        "untimed": [
            line.name for line in tasks if line.takes is None and not line.component and not line.action
        ],
        "ready_at": promised_end(trial.tasks, at),
    }
