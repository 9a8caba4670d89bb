"""When what was asked for is ready: the slowest chain of a plan's tasks, each in its own working time.

All instants are integer UTC epoch seconds, all durations integer seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from calendars.engine import NeverOpenError
from sla.engine.composition.network import Hours, Network, Stage

_START, _END = "start", "end"


@dataclass(frozen=True, slots=True)
class Timed:
    """A task with what it takes: `seconds` of `hours`, or of every day without; None where nobody said."""

    code: str
    after: tuple[str, ...]
    seconds: int | None
    hours: Hours | None = None


def ready_at(tasks: Iterable[Timed], start: int) -> int | None:
    """When the last of the tasks is done that begin at `start`; None when a time is not known or never comes.

    The tasks wait for each other without a circle.
    """
    stages = [Stage(_START)]
    for task in tasks:
        if task.seconds is None:
            return None
        after = tuple(f"task:{code}" for code in task.after) or (_START,)
        stages.append(Stage(f"task:{task.code}", seconds=task.seconds, hours=task.hours, after=after))
    stages.append(Stage(_END, after=tuple(stage.key for stage in stages)))
    try:
        return Network(stages, end=_END).ends(start)
    except NeverOpenError:
        return None
