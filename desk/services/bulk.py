"""One step on many records at once: each is changed or refused by itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lifecycle.public import DomainError
from people.public import Actor
from records.models import Record
from records.public import get_record


@dataclass(frozen=True, slots=True)
class Chosen:
    """A record as ticked in a list: its number and the version that the list showed."""

    number: str
    version: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a bulk step: numbers changed, and numbers refused with the reason."""

    changed: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]

    @property
    def refused_by_reason(self) -> dict[str, list[str]]:
        """The numbers refused for each reason."""
        reasons: dict[str, list[str]] = {}
        for number, reason in self.refused:
            reasons.setdefault(reason, []).append(number)
        return reasons


def change_many(
    *, kind: str, chosen: Iterable[Chosen], actor: Actor, step: Callable[[Record, int], object]
) -> Outcome:
    """Take `step` on each chosen record of a kind, in a transaction of its own, with the version that was seen.

    What one refuses (its state, a right, a change by somebody else) does not keep the others from changing.
    """
    changed: list[str] = []
    refused: list[tuple[str, str]] = []
    for one in chosen:
        try:
            step(get_record(actor, one.number, kind), one.version)
        except DomainError as error:
            reason = "; ".join(error.fields.values()) or error.message
            refused.append((one.number, reason))
        else:
            changed.append(one.number)
    return Outcome(tuple(changed), tuple(refused))
