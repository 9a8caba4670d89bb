"""The parts of a mapping that say how the file is laid out: text, rows and times."""

import codecs
from typing import Literal, cast

from sla.engine.notation.calendars import zone_name
from sla.engine.notation.nodes import Section, Value
from transition.engine.mapping import FileFormat, RowKind, Rows, Times, TimeSource
from transition.engine.parse_sources import Scope, conditions, time_formats, time_source, word_of

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " ", "\\t": "\t"}
MOST_SKIPPED_LINES = 1_000


def parse_file(value: Value) -> FileFormat:
    """How the text is cut into rows and cells."""
    section = Section(value)
    names = section.take("columns", Value.texts, ())
    file = FileFormat(
        encoding=section.take("encoding", _encoding, "utf-8"),
        delimiter=section.take("delimiter", _delimiter, ","),
        quote=section.take("quote", _quote, '"'),
        escape=section.take("escape", _one_character, None),
        header=section.take("header", Value.boolean, default=True),
        column_names=names,
        skip_lines=section.take("skip_lines", lambda v: v.integer(low=0, high=MOST_SKIPPED_LINES), 0),
        missing=frozenset({"", *section.take("missing", _missing_words, ())}),
        trim=section.take("trim", Value.boolean, default=True),
    )
    section.finish()
    if file.header and names:
        value.key_position("columns").report(
            "columns are named here and by the file", "write 'header: false' as well"
        )
    if not file.header and not names:
        value.report("the file has no header, so its columns need names", "write 'columns: [a, b, c]'")
    return file


def _missing_words(value: Value) -> tuple[str, ...]:
    return tuple(member.raw() for member in (value.sequence() if value.is_sequence else [value]))


def _encoding(value: Value) -> str:
    name = value.text()
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise value.invalid(f"{name!r} is no encoding", "such as utf-8, utf-16, cp1252, latin-1") from None


def _delimiter(value: Value) -> str:
    text = value.text()
    character = DELIMITERS.get(text, text)
    if len(character) != 1:
        raise value.invalid(
            f"{text!r} is no delimiter", "one character, or comma, semicolon, tab, pipe, space"
        )
    return character


def _quote(value: Value) -> str | None:
    return None if value.is_scalar and value.raw() == "none" else _one_character(value)


def _one_character(value: Value) -> str:
    text = value.text()
    if len(text) != 1:
        raise value.invalid(f"{text!r} is not one character", "for instance '\"'")
    return text


def parse_rows(value: Value, scope: Scope) -> Rows:
    """What a row is and how the rows of a record hang together."""
    section = Section(value)
    kind = section.require(
        "kind", lambda v: v.word(("events", "cases")), "events", expected="events or cases"
    )
    rows = Rows(
        kind=cast("RowKind", kind),
        key=section.require("key", scope.column_list, (), expected="the column that names the record"),
        where=section.take("where", lambda v: conditions(v, scope), ()),
        order=section.take("order", lambda v: _order(v, scope), "time"),
        backwards=cast(
            "Literal['reject', 'clamp']", section.take("backwards", word_of("reject", "clamp"), "reject")
        ),
        on_fault=cast("Literal['row', 'record']", section.take("on_fault", word_of("row", "record"), "row")),
        unmatched=cast(
            "Literal['reject', 'ignore']", section.take("unmatched", word_of("reject", "ignore"), "reject")
        ),
    )
    section.finish()
    return rows


def _order(value: Value, scope: Scope) -> str:
    if value.is_mapping:
        section = Section(value)
        column = section.require("column", scope.column, "time", expected="write {column: name}")
        section.finish()
        return column
    return value.word(("time", "file"))


def parse_times(value: Value, scope: Scope, rows: Rows) -> Times:
    """Where instants come from; sets the zone and formats that the rest of the mapping defaults to."""
    section = Section(value)
    scope.zone = section.take("zone", zone_name, "")
    scope.formats = section.take("format", time_formats, ())

    def optional(key: str) -> TimeSource | None:
        return section.take(key, lambda v: time_source(v, scope), None)

    def from_events(key: str) -> TimeSource | None:
        return section.take(key, lambda v: None if _says_events(v, rows) else time_source(v, scope), None)

    nothing = TimeSource((), " ", (), "", missing="first_event")
    times = Times(
        opened=section.require(
            "opened",
            lambda v: _opened(v, scope, rows),
            nothing,
            expected="the column with the time of opening",
        ),
        event=optional("event"),
        responded=optional("responded"),
        assigned=optional("assigned"),
        resolved=from_events("resolved"),
        closed=from_events("closed"),
        updated=optional("updated"),
        ambiguous=cast(
            "Literal['first', 'last']", section.take("ambiguous", word_of("first", "last"), "first")
        ),
        nonexistent=cast(
            "Literal['forward', 'reject']",
            section.take("nonexistent", word_of("forward", "reject"), "forward"),
        ),
    )
    section.finish()
    if rows.kind == "events" and not section.has("event"):
        value.report("the key 'event' is missing", "the column with the time of each row")
    if rows.kind == "cases" and section.has("event"):
        value.key_position("event").report(
            "'event' has no meaning in a case table", "use 'moments:' for further times"
        )
    return times


def _opened(value: Value, scope: Scope, rows: Rows) -> TimeSource:
    if value.is_scalar and value.text() == "first_event":
        if rows.kind == "cases":
            raise value.invalid("a case table has no events", "name the column with the time of opening")
        return TimeSource((), " ", (), "", missing="first_event")
    return time_source(value, scope)


def _says_events(value: Value, rows: Rows) -> bool:
    return rows.kind == "events" and value.is_scalar and value.text() == "events"
