"""When the tasks of a plan would be done: known to the app above that fulfils them, which says it here.

The hook that it fills, so that whoever designs an offering is told before anything is ordered.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from catalogue.engine.plans import Task

# Called with `tasks`, as answers chose them, and the instant (UTC) at which they begin. None when nothing can be said.
Promise = Callable[..., datetime | None]

_promises: list[Promise] = []


def promise_plans(promise: Promise) -> None:
    """Register who says it. Called once per process, from `apps.py`."""
    if promise not in _promises:
        _promises.append(promise)


def promised_end(tasks: Sequence[Task], at: datetime) -> datetime | None:
    """When the last of these tasks would be done if they began at `at` (both UTC); None when nothing can be said."""
    ends = (promise(tasks=tasks, at=at) for promise in _promises)
    return next((end for end in ends if end is not None), None)
