"""Our record in a supplier's words, and theirs in ours, by their mapping.

Two systems that each tell the other what changed would answer each other for ever, where several of our states are
one of theirs. So a value that already **says the same** is neither sent nor taken: ours says the same as theirs when it
goes out as theirs, or theirs comes in as ours. Then one change on either side makes one message at most, and no answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from suppliers.engine.mapping import MappingTable, Values


class UnmappedError(ValueError):
    """A value has no counterpart: `path` is the missing row of the mapping."""

    code = "unmapped"

    def __init__(self, path: str, value: str) -> None:
        super().__init__(f"{path}: {value}")
        self.path, self.value = path, value


@dataclass(frozen=True, slots=True)
class Said:
    """What a record says: its state, its priority ("" for none) and its fields, in one side's words."""

    state: str = ""
    priority: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def says_the_same(values: Values, *, ours: str, theirs: str) -> bool:
    """Whether a value of ours and one of theirs mean each other, going out or coming in."""
    return values.out.get(ours) == theirs or values.back.get(theirs) == ours


def outgoing(table: MappingTable, record: Said, *, known: Said | None = None) -> Said:
    """A record of ours in their words, with their constants; what they say the same already (`known`) stays as it is.

    Raises UnmappedError for a state or priority without a counterpart.
    """
    fields = {pair.theirs: record.fields[pair.ours] for pair in table.fields if pair.ours in record.fields}
    return Said(
        _over(table.states, "states.out", record.state, known.state if known else ""),
        _over(table.priorities, "priorities.out", record.priority, known.priority if known else ""),
        fields | dict(table.constants),
    )


def incoming(table: MappingTable, theirs: Said, *, ours: Said | None = None) -> Said:
    """What their record means here; what ours says the same already stays as it is. Fields without a pair are left out.

    Raises UnmappedError for a state or priority without a counterpart.
    """
    fields = {pair.ours: theirs.fields[pair.theirs] for pair in table.fields if pair.theirs in theirs.fields}
    return Said(
        _back(table.states, "states.in", theirs.state, ours.state if ours else ""),
        _back(table.priorities, "priorities.in", theirs.priority, ours.priority if ours else ""),
        fields,
    )


def _over(values: Values, path: str, ours: str, known: str) -> str:
    if not ours or (known and says_the_same(values, ours=ours, theirs=known)):
        return known
    if ours not in values.out:
        raise UnmappedError(path, ours)
    return values.out[ours]


def _back(values: Values, path: str, theirs: str, ours: str) -> str:
    if not theirs or (ours and says_the_same(values, ours=ours, theirs=theirs)):
        return ours
    if theirs not in values.back:
        raise UnmappedError(path, theirs)
    return values.back[theirs]
