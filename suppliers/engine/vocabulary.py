"""What the platform's processes are made of, as far as suppliers' systems exchange it.

The hook that the processes fill, each from its `apps.py`: suppliers stand below them and know none by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """A field that goes over. `is_required`: a record means nothing without it, so it must be mapped.

    `comes_in`: a supplier's system may change it; all others only go out.
    """

    code: str
    label: str
    is_required: bool = False
    comes_in: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A process: its states with phases and labels, its priorities, its fields. Labels are translated when shown."""

    process: str
    label: str
    phases: Mapping[str, str]
    labels: Mapping[str, str]
    priorities: tuple[str, ...]
    fields: tuple[Field, ...]

    def field(self, code: str) -> Field | None:
        """The field with this code."""
        return next((field for field in self.fields if field.code == code), None)


_known: dict[str, Vocabulary] = {}


def exchange_process(vocabulary: Vocabulary) -> None:
    """Say what of a process is exchanged. Called once per process of the system, from `apps.py`."""
    _known[vocabulary.process] = vocabulary


def vocabularies() -> tuple[Vocabulary, ...]:
    """Every process that is exchanged, in the order in which they were told."""
    return tuple(_known.values())


def vocabulary_of(process: str) -> Vocabulary | None:
    """What one process is made of."""
    return _known.get(process)
