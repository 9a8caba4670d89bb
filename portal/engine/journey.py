"""The order of the pages on which a problem is reported, one thing per page."""

from collections.abc import Mapping
from typing import Any

STEPS = ("what", "who", "service", "details")
CHECK = "check"


def first_missing(answers: Mapping[str, Any]) -> str:
    """The first step without an answer; "check" when there is none."""
    return next((step for step in STEPS if step not in answers), CHECK)


def may_open(step: str, answers: Mapping[str, Any]) -> bool:
    """Whether every step before this one is answered."""
    before = STEPS if step == CHECK else STEPS[: STEPS.index(step)]
    return all(other in answers for other in before)


def step_before(step: str) -> str:
    """The step in front of this one, "" for the first."""
    pages = (*STEPS, CHECK)
    place = pages.index(step)
    return pages[place - 1] if place else ""
