"""Priority matrices as people write them: four rows of impact, each with four columns of urgency."""

from collections.abc import Iterable

from sla.engine.notation.entries import MatrixEntry
from sla.engine.notation.nodes import InvalidValueError, Section, Value, nearest
from sla.engine.notation.targets import Vocabulary
from tenancy.engine.words import say

LEVELS = 4
NAME_MAX = 100


def parse_matrices(value: Value, words: Vocabulary) -> tuple[MatrixEntry, ...]:
    """All matrices in order; wrong ones are reported and left out."""
    found: list[MatrixEntry] = []
    for child in value.sequence():
        try:
            matrix = _matrix(child, words)
        except InvalidValueError:
            continue
        _check_alone(child, matrix, found)
        found.append(matrix)
    return tuple(found)


def _matrix(value: Value, words: Vocabulary) -> MatrixEntry:
    section = Section(value)
    matrix = MatrixEntry(
        name=section.require("name", _name, "", expected=say("the name of the matrix, such as Standard")),
        cells=section.require("cells", _cells, (), expected=say("four rows of four priorities from 1 to 5")),
        is_default=section.take("default", Value.boolean, None),
        services=section.take("services", lambda v: _services(v, words), None),
    )
    section.finish()
    return matrix


def _name(value: Value) -> str:
    text = value.text()
    if len(text) > NAME_MAX:
        raise value.invalid(
            say("the name is too long"), say("use up to %(count)s characters", count=NAME_MAX)
        )
    return text


def _cells(value: Value) -> tuple[int, ...]:
    rows = value.sequence()
    if len(rows) != LEVELS:
        raise value.invalid(
            say("%(rows)s rows of impact", rows=len(rows)), say("write four, from the highest impact down")
        )
    cells: list[int] = []
    for row in rows:
        members = row.sequence()
        if len(members) != LEVELS:
            raise row.invalid(
                say("%(members)s columns of urgency", members=len(members)),
                say("write four, the highest urgency first"),
            )
        cells += [member.integer(low=1, high=5) for member in members]
    return tuple(cells)


def _services(value: Value, words: Vocabulary) -> tuple[str, ...]:
    known = words.choices.get("service", {})
    found: list[str] = []
    for member in value.sequence() if value.is_sequence else [value]:
        text = member.text()
        if text not in known:
            raise member.invalid(say("there is no service %(text)s", text=repr(text)), nearest(text, known))
        found.append(known[text])
    return tuple(sorted(set(found)))


def _check_alone(value: Value, matrix: MatrixEntry, others: Iterable[MatrixEntry]) -> None:
    for other in others:
        if other.name == matrix.name:
            value.report(
                say("the matrix %(name)s is written twice", name=repr(matrix.name)), say("keep one of them")
            )
        if other.is_default and matrix.is_default:
            value.report(
                say("%(name)s is the default already", name=repr(other.name)),
                say("only one matrix can be the default"),
            )
        both = sorted(set(other.services or ()) & set(matrix.services or ()))
        if both:
            value.report(
                say("%(name)s already applies to %(both)s", name=repr(other.name), both=", ".join(both)),
                say("give a service one matrix"),
            )
