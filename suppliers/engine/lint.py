"""Judging a mapping before it goes live.

Is every value mapped both ways? Can two systems chase each other? Do records come back as they went?

Every finding names the row that is missing or wrong by its path in the notation. Errors keep an agreement from going
live; warnings tell what is lost on the way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from suppliers.engine.mapping import MappingTable, Values
from suppliers.engine.translate import Said, UnmappedError, incoming, outgoing, says_the_same
from suppliers.engine.vocabulary import Vocabulary
from tenancy.engine.words import say

# A tool with one end of the road cannot tell these apart, and nobody is harmed when it does not.
_END = {"resolved": "end", "closed": "end"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that speaks against a mapping: `path` is the row, `code` what sort of fault it is."""

    code: str
    path: str
    words: str
    is_error: bool = True


def lint(table: MappingTable, vocabulary: Vocabulary) -> tuple[Finding, ...]:
    """Everything that speaks against a mapping of a process, in the order of its notation; () for nothing."""
    states = tuple(vocabulary.phases)
    found = [
        *_values("states", table.states, states, table.their_states),
        *_values("priorities", table.priorities, vocabulary.priorities, table.their_priorities),
        *_cycles("states", table.states),
        *_cycles("priorities", table.priorities),
        *_phases(table.states, vocabulary.phases),
        *_merged("states", table.states),
        *_merged("priorities", table.priorities),
        *_fields(table, vocabulary),
    ]
    if not any(finding.is_error for finding in found):
        found += _samples(table)
    return tuple(found)


def errors(findings: Sequence[Finding]) -> list[Finding]:
    """Those that keep an agreement from going live."""
    return [finding for finding in findings if finding.is_error]


def _values(name: str, values: Values, ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Finding]:
    for value in ours:
        if value not in values.out:
            words = say("Nothing says what our %(value)s is there.", value=repr(value))
            yield Finding("unmapped", f"{name}.out.{value}", words)
    for value in theirs:
        if value not in values.back:
            words = say("Nothing says what their %(value)s is here.", value=repr(value))
            yield Finding("unmapped", f"{name}.in.{value}", words)
    yield from _strangers(f"{name}.out", values.out, ours=ours, theirs=theirs)
    for value, target in values.back.items():
        yield from _strangers(f"{name}.in", {target: value}, ours=ours, theirs=theirs, row=value)


def _strangers(
    path: str, rows: Mapping[str, str], *, ours: Sequence[str], theirs: Sequence[str], row: str = ""
) -> Iterator[Finding]:
    """Values that one side does not have, of rows from ours to theirs."""
    for own, other in rows.items():
        if own not in ours:
            yield Finding("unknown", f"{path}.{row or own}", _none_of_ours(own))
        if other not in theirs:
            yield Finding("unknown", f"{path}.{row or own}", _none_of_theirs(other))


def _none_of_ours(value: str) -> str:
    return say("We have no %(value)s.", value=repr(value))


def _none_of_theirs(value: str) -> str:
    return say("They have no %(value)s.", value=repr(value))


def _there_and_back(values: Values) -> Mapping[str, str]:
    """What each value of ours is when it went out and came in again."""
    return {ours: values.back[theirs] for ours, theirs in values.out.items() if theirs in values.back}


def _cycles(name: str, values: Values) -> Iterator[Finding]:
    """Rounds of two values and more: a system that answers each message would go round for ever."""
    step, seen = _there_and_back(values), set[str]()
    for first in step:
        walk, here = list[str](), first
        while here in step and here not in walk and here not in seen:
            walk.append(here)
            here = step[here]
        seen |= set(walk)
        if here in walk and len(walk) - walk.index(here) > 1:
            chain = " → ".join([*walk[walk.index(here) :], here])
            yield Finding(
                "oscillates",
                f"{name}.out.{here}",
                say("Going out and coming in, it goes round for ever: %(chain)s.", chain=chain),
            )


def _phases(values: Values, phases: Mapping[str, str]) -> Iterator[Finding]:
    """A record must not be at another point of its life because it went out and came in."""
    for ours, again in _there_and_back(values).items():
        before, after = phases.get(ours), phases.get(again)
        if before is None or after is None or _END.get(before, before) == _END.get(after, after):
            continue
        yield Finding(
            "changes_phase",
            f"states.in.{values.out[ours]}",
            say(
                "Our %(ours)s goes out and comes in as %(again)s, which is another phase.",
                ours=repr(ours),
                again=repr(again),
            ),
        )


def _merged(name: str, values: Values) -> Iterator[Finding]:
    """Values of ours that are one there: they cannot tell us which of them they mean."""
    by_target: dict[str, list[str]] = {}
    for ours, theirs in values.out.items():
        by_target.setdefault(theirs, []).append(ours)
    for theirs, several in by_target.items():
        if len(several) > 1:
            yield Finding(
                "merged",
                f"{name}.in.{theirs}",
                say(
                    "Their %(theirs)s is all of these here: %(ours)s.",
                    theirs=repr(theirs),
                    ours=", ".join(several),
                ),
                is_error=False,
            )


def _fields(table: MappingTable, vocabulary: Vocabulary) -> Iterator[Finding]:
    mapped = {pair.ours for pair in table.fields}
    for field in vocabulary.fields:
        if field.is_required and field.code not in mapped:
            words = say("Our %(value)s must go over, and no row says as what.", value=repr(field.code))
            yield Finding("unmapped", f"fields.{field.code}", words)
    filled = {pair.theirs for pair in table.fields} | set(table.constants)
    for theirs in table.their_fields:
        if theirs.is_required and theirs.name not in filled:
            words = say("They require %(value)s, and nothing fills it.", value=repr(theirs.name))
            yield Finding("unmapped", f"theirs.fields.{theirs.name}", words)
    yield from _pairs(table, vocabulary)


def _pairs(table: MappingTable, vocabulary: Vocabulary) -> Iterator[Finding]:
    known = {field.name for field in table.their_fields}
    for place, pair in enumerate(table.fields):
        ours = vocabulary.field(pair.ours)
        if ours is None:
            yield Finding("unknown", f"fields.{place}.ours", _none_of_ours(pair.ours))
        elif pair.owner != "ours" and not ours.comes_in:
            words = say("Our %(value)s is not for them to change: it is ours.", value=repr(pair.ours))
            yield Finding("owner", f"fields.{place}.owner", words)
        if pair.theirs not in known:
            yield Finding("unknown", f"fields.{place}.theirs", _none_of_theirs(pair.theirs))
    for name in table.constants:
        if name not in known:
            yield Finding("unknown", f"constants.{name}", _none_of_theirs(name))


def _samples(table: MappingTable) -> Iterator[Finding]:
    """A record of theirs must come in, and go out again saying the same."""
    for place, sample in enumerate(table.samples):
        given = Said(sample.state, sample.priority, sample.fields)
        try:
            taken = incoming(table, given)
            told = outgoing(table, taken, known=given)
        except UnmappedError as missing:
            yield Finding(
                "unmapped",
                f"{missing.path}.{missing.value}",
                say("Sample %(number)s needs this row.", number=place + 1),
            )
            continue
        for name, values in (("state", table.states), ("priority", table.priorities)):
            theirs, ours, back = getattr(given, name), getattr(taken, name), getattr(told, name)
            if theirs and back != theirs and not says_the_same(values, ours=ours, theirs=theirs):
                yield Finding(
                    "sample",
                    f"samples.{place}.{name}",
                    say("Sent %(sent)s, it comes back as %(back)s.", sent=repr(theirs), back=repr(back)),
                )
        owned = {pair.theirs for pair in table.fields}
        for name in sorted(set(sample.fields) - owned - set(table.constants)):
            yield Finding(
                "sample",
                f"samples.{place}.fields.{name}",
                say("No row takes their %(value)s: it is lost here.", value=repr(name)),
                is_error=False,
            )
