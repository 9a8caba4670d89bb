"""The small phrases of a mapping: where a value, an instant or a condition comes from."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from sla.engine.notation.calendars import zone_name
from sla.engine.notation.nodes import InvalidValueError, Section, Value, nearest
from sla.engine.notation.targets import plain_number
from transition.engine.instants import format_problem
from transition.engine.mapping import (
    NUMBER_RANGES,
    STATES,
    TEXT_ATTRIBUTES,
    Choice,
    Choices,
    Condition,
    Otherwise,
    Position,
    TimeSource,
    ValueSource,
)

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
UNKNOWN_ACTIONS = ("reject", "ignore", "keep")
MISSING_ACTIONS = ("ignore", "clear", "reject")
VALUE_KEYS = ("column", "columns", "first_of", "constant", "template")


@dataclass(slots=True)
class Scope:
    """What the phrases of a mapping share: zone and formats of its times, columns named so far."""

    zone: str = ""
    formats: tuple[str, ...] = ()
    columns: dict[str, Position] = field(default_factory=dict)

    def column(self, value: Value) -> str:
        """The name of a column; the first place that names it is remembered."""
        name = value.text()
        mark = value.node.start_mark
        self.columns.setdefault(name, Position(mark.line + 1, mark.column + 1, value.path))
        return name

    def column_list(self, value: Value) -> tuple[str, ...]:
        """One or several column names."""
        return (
            tuple(self.column(member) for member in value.sequence())
            if value.is_sequence
            else (self.column(value),)
        )


def word_of(*words: str) -> Callable[[Value], str]:
    """A reader that takes one of ``words``."""
    return lambda value: value.word(words)


def time_formats(value: Value) -> tuple[str, ...]:
    """One or several time formats, tried in order."""
    formats = value.texts()
    for pattern in formats:
        problem = format_problem(pattern)
        if problem:
            raise value.invalid(
                problem, "write iso, epoch, epoch_ms, excel or codes such as '%d/%m/%Y %H:%M'"
            )
    return formats


def time_source(value: Value, scope: Scope) -> TimeSource:
    """A column name, or a block with column(s), format, zone and what to do when it is missing."""
    if not value.is_mapping:
        columns: tuple[str, ...] = (scope.column(value),)
        return _checked_time(value, TimeSource(columns, " ", scope.formats, scope.zone))
    section = Section(value)
    columns = section.take("column", lambda v: (scope.column(v),), ())
    columns = section.take("columns", scope.column_list, columns)
    if not columns:
        value.report("no column is named", "write 'column: name'")
    missing = section.take("missing", lambda v: v.word(("ignore", "reject", "first_event")), "ignore")
    source = TimeSource(
        columns=columns,
        join=section.take("join", Value.raw, " "),
        formats=section.take("format", time_formats, scope.formats),
        zone=section.take("zone", zone_name, scope.zone),
        zone_column=section.take("zone_column", scope.column, None),
        missing=cast("Literal['reject', 'ignore', 'first_event']", missing),
    )
    section.finish()
    return _checked_time(value, source)


def _checked_time(value: Value, source: TimeSource) -> TimeSource:
    if not source.formats:
        value.report("no time format is known for this column", "write 'format:' here or under 'times:'")
    wall_time = any(
        pattern not in {"epoch", "epoch_ms"} and "%z" not in pattern for pattern in source.formats
    )
    if wall_time and not source.zone:
        value.report(
            "no zone is known for this column", "write 'zone:' here or under 'times:', e.g. Europe/London"
        )
    return source


def conditions(value: Value, scope: Scope) -> tuple[Condition, ...]:
    """A block of ``column: pattern or patterns``; ``{not: …}`` turns a test round. All must hold."""
    found: list[Condition] = []
    for name, test in value.entries():
        mark = test.node.start_mark
        scope.columns.setdefault(name, Position(mark.line + 1, mark.column + 1, test.path))
        if test.is_mapping:
            section = Section(test)
            patterns = section.require(
                "not", _patterns, (), expected="write 'column: value' or 'column: {not: value}'"
            )
            section.finish()
            found.append(Condition(name, patterns, negate=True))
        else:
            found.append(Condition(name, _patterns(test)))
    return tuple(found)


def _patterns(value: Value) -> tuple[str, ...]:
    members = value.sequence() if value.is_sequence else [value]
    return tuple(member.raw().casefold() for member in members)


def own_value(attribute: str, text: str) -> Choice:
    """``text`` as a value of ours. Raises ValueError with what would be right."""
    if attribute == "state":
        if text not in STATES:
            message = f"{text!r} is no state; {nearest(text, STATES)}"
            raise ValueError(message)
        return text
    if attribute in NUMBER_RANGES:
        low, high = NUMBER_RANGES[attribute]
        number = plain_number(text, low, high)
        if number is None:
            message = f"{text!r} is no {attribute}: a number from {low} to {high}"
            raise ValueError(message)
        return number
    return text


def value_source(attribute: str, value: Value, scope: Scope) -> ValueSource:
    """A column name, or a block: column(s), first_of, constant or template, and what is done to the value."""
    default = Otherwise("reject" if attribute == "state" or attribute in NUMBER_RANGES else "keep")
    if not value.is_mapping:
        return ValueSource(attribute, (scope.column(value),), unknown=default)
    section = Section(value)
    given = [key for key in VALUE_KEYS if section.has(key)]
    if len(given) != 1:
        value.report(
            "it must be clear where the value comes from", "write exactly one of: " + ", ".join(VALUE_KEYS)
        )
    columns = section.take("column", lambda v: (scope.column(v),), ())
    first_of = section.take("first_of", scope.column_list, ())
    several = section.take("columns", scope.column_list, ())
    template = section.take("template", lambda v: _template(v, scope), None)
    source = ValueSource(
        attribute=attribute,
        columns=columns or first_of or several,
        join=section.take("join", Value.raw, " ") if several else None,
        constant=section.take("constant", lambda v: _own(attribute, v), None),
        template=template,
        pattern=section.take("pattern", _regex, None),
        choices=section.take("values", lambda v: _choices(attribute, v), None),
        unknown=section.take("unknown", lambda v: _otherwise(attribute, v, UNKNOWN_ACTIONS), default),
        missing=section.take(
            "missing", lambda v: _otherwise(attribute, v, MISSING_ACTIONS), Otherwise("ignore")
        ),
        write=section.take("write", _write, None),
        before=section.take("before", scope.column, None),
    )
    section.finish()
    return source


def value_sources(value: Value, scope: Scope, allowed: Sequence[str]) -> tuple[ValueSource, ...]:
    """A block of ``attribute: source``."""
    found: list[ValueSource] = []
    for name, child in value.entries():
        if name not in allowed:
            value.key_position(name).report(
                f"{name!r} is no attribute that can be set here", nearest(name, allowed)
            )
            continue
        try:
            found.append(value_source(name, child, scope))
        except InvalidValueError:
            continue
    return tuple(found)


def _own(attribute: str, value: Value) -> Choice:
    try:
        return own_value(attribute, value.text())
    except ValueError as error:
        raise value.invalid(str(error)) from None


def _choices(attribute: str, value: Value) -> Choices:
    exact: dict[str, Choice | None] = {}
    patterns: list[tuple[str, Choice | None]] = []
    ignored: list[str] = []
    for name, child in value.entries():
        folded = name.strip().casefold()
        try:
            if attribute not in TEXT_ATTRIBUTES and child.is_scalar and child.text() == "ignore":
                ignored.append(folded)
                continue
            ours = None if child.is_null and attribute in TEXT_ATTRIBUTES else _own(attribute, child)
        except InvalidValueError:
            continue
        if "*" in folded:
            patterns.append((folded, ours))
        elif folded in exact:
            problem = f"{name!r} is listed twice (capitals do not count)"
            value.key_position(name).report(problem, "keep one of them")
        else:
            exact[folded] = ours
    return Choices(exact, tuple(patterns), tuple(ignored))


def _otherwise(attribute: str, value: Value, actions: Sequence[str]) -> Otherwise:
    if value.is_mapping:
        section = Section(value)
        ours = section.require("value", lambda v: _own(attribute, v), None, expected="write {value: …}")
        section.finish()
        return Otherwise("value", ours)
    word = value.word(actions)
    if word == "keep" and (attribute == "state" or attribute in NUMBER_RANGES):
        raise value.invalid(
            f"a {attribute} of theirs cannot be kept as it is", "use reject, ignore or {value: …}"
        )
    if word == "clear" and attribute == "state":
        raise value.invalid("a record always has a state", "use ignore, reject or {value: …}")
    return Otherwise(cast("Literal['reject', 'ignore', 'keep', 'clear']", word))


def _regex(value: Value) -> str:
    text = value.text()
    try:
        compiled = re.compile(text)
    except re.error as error:
        raise value.invalid(f"{text!r} is no regular expression: {error}") from None
    if compiled.groups > 1:
        raise value.invalid(
            "more than one (group) is marked", "mark the one part to take, or none for all of it"
        )
    return text


def _template(value: Value, scope: Scope) -> str:
    text = value.text()
    for name in placeholders(value, text):
        mark = value.node.start_mark
        scope.columns.setdefault(name, Position(mark.line + 1, mark.column + 1, value.path))
    return text


def _write(value: Value) -> str:
    text = value.text()
    if set(placeholders(value, text)) != {"value"}:
        raise value.invalid("only {value} can be filled in here", "for instance 'Group {value}'")
    return text


def placeholders(value: Value, text: str) -> list[str]:
    """The names in braces of a template."""
    names = PLACEHOLDER.findall(text)
    if not names or not all(names):
        raise value.invalid(f"{text!r} names no column in braces", "for instance '{number}: {category}'")
    return list(names)
