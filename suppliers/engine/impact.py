"""What a change of terms does to promises: asked of whoever knows, before and after the fact.

The hook that the service-level engine fills. Contracts know nothing of what is promised with them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class BrokenPromise:
    """A promise that the changed terms cannot keep: of which service, in words, and the chain of parts that breaks it.

    `is_new` is False where it was broken before and the change makes it worse.
    """

    service: str
    service_name: str
    words: str
    chain: tuple[str, ...]
    is_new: bool = True


# Called with the contract, the terms as they are to be (not saved yet), and an instant.
Judge = Callable[..., Sequence[BrokenPromise]]

_judges: list[Judge] = []


def judge_terms(judge: Judge) -> None:
    """Register a judge. Called once per process, from `apps.py`."""
    if judge not in _judges:
        _judges.append(judge)


def broken_by(*, contract: Any, terms: Any, at: Any) -> list[BrokenPromise]:
    """Every promise that the terms would break, by all judges."""
    return [broken for judge in _judges for broken in judge(contract=contract, terms=terms, at=at)]
