"""From a mapping file to a :class:`HistoryMapping`, with every mistake found in one go."""

from pathlib import Path

from sla.engine.notation.calendars import parse_calendars
from sla.engine.notation.nodes import InvalidValueError, Section, Value, load_document, parse_document
from sla.engine.notation.targets import Vocabulary, parse_targets
from transition.engine.faults import MappingError
from transition.engine.mapping import (
    ATTRIBUTES,
    NOTES,
    RECORD_TEXTS,
    STATES,
    Actors,
    Claims,
    FileFormat,
    HistoryMapping,
    Rows,
    Target,
    Times,
    TimeSource,
)
from transition.engine.parse_happenings import (
    parse_actors,
    parse_claims,
    parse_events,
    parse_holds,
    parse_moments,
    parse_providers,
)
from transition.engine.parse_layout import parse_file, parse_rows, parse_times
from transition.engine.parse_sources import Scope, value_sources
from transition.engine.patterns import fits

EVENT_ONLY_KEYS = ("events",)
CASE_ONLY_KEYS = ("moments", "holds")
LATEST_VERSION = 1
# What targets of a mapping may be limited to; names need not exist yet, the import makes them.
WORDS = Vocabulary(
    states=STATES,
    scope=("priority", "service", "support_group", "provider", "category", "organisation", "kind"),
)


def load_mapping(*, path: Path) -> HistoryMapping:
    """The mapping in the YAML file at ``path``.

    Raises MappingError with every mistake, its line and its remedy.
    """
    return _mapping(load_document(path=path), default_name=path.stem)


def parse_mapping(*, source: str, file: str = "mapping") -> HistoryMapping:
    """The mapping in the YAML text ``source``; ``file`` names it in messages. Raises MappingError."""
    return _mapping(parse_document(source=source, file=file), default_name=Path(file).stem)


def _mapping(root: Value, *, default_name: str) -> HistoryMapping:
    try:
        section = Section(root)
    except InvalidValueError:
        raise MappingError(root.faults) from None
    scope = Scope()
    section.take("version", lambda v: v.integer(low=1, high=LATEST_VERSION), LATEST_VERSION)
    rows = section.require(
        "rows", lambda v: parse_rows(v, scope), Rows("events", ()), expected="say what a row is: kind, key"
    )
    nowhere = Times(TimeSource((), " ", (), ""))
    times = section.require(
        "times", lambda v: parse_times(v, scope, rows), nowhere, expected="say zone, format, opened and so on"
    )
    fields = section.require(
        "fields",
        lambda v: value_sources(v, scope, (*RECORD_TEXTS, *ATTRIBUTES, *NOTES)),
        (),
        expected="say which column gives state, priority, support_group …",
    )
    calendars = section.take("calendars", lambda v: parse_calendars(v, zone=scope.zone), {})
    mapping = HistoryMapping(
        name=section.take("name", Value.text, default_name),
        about=section.take("about", Value.text, ""),
        file=section.take("file", parse_file, FileFormat()),
        rows=rows,
        times=times,
        opening=section.take("opening", lambda v: value_sources(v, scope, ATTRIBUTES), ()),
        fields=tuple(source for source in fields if source.attribute not in RECORD_TEXTS),
        texts=tuple(source for source in fields if source.attribute in RECORD_TEXTS),
        actors=section.take("actors", lambda v: parse_actors(v, scope), Actors()),
        events=section.take("events", lambda v: parse_events(v, scope), ()),
        moments=section.take("moments", lambda v: parse_moments(v, scope), ()),
        holds=section.take("holds", lambda v: parse_holds(v, scope, frozenset(calendars)), ()),
        claims=section.take("claims", lambda v: parse_claims(v, scope), Claims()),
        providers=section.take("providers", parse_providers, ()),
        calendars=calendars,
        targets=section.take("targets", lambda v: _targets(v, frozenset(calendars)), ()),
        columns=scope.columns,
        path=root.file,
    )
    section.finish()
    _check_whole(root, section, mapping)
    if root.faults:
        raise MappingError(root.faults)
    return mapping


def _targets(value: Value, calendars: frozenset[str]) -> tuple[Target, ...]:
    targets, retired = parse_targets(value, calendars, WORDS)
    if retired:
        value.report("an import cannot retire a target", "leave it out")
    return targets


def _check_whole(root: Value, section: Section, mapping: HistoryMapping) -> None:
    wrong_kind = CASE_ONLY_KEYS if mapping.rows.kind == "events" else EVENT_ONLY_KEYS
    for key in wrong_kind:
        if section.has(key):
            root.key_position(key).report(
                f"{key!r} has no meaning where rows.kind is {mapping.rows.kind}", "leave it out"
            )
    if mapping.rows.kind == "events" and mapping.times.assigned is not None:
        root.report("times.assigned has no meaning in an event log", "the rows tell when it was assigned")
    if mapping.rows.kind == "cases" and any(source.attribute == "comment" for source in mapping.fields):
        root.report(
            "fields.comment has no time in a case table", "use times.responded, or 'moments:' with a time"
        )
    if not mapping.file.header:
        for name, position in mapping.columns.items():
            if name not in mapping.file.column_names:
                root.report(
                    f"the column {name!r} ({position.path}) is not among file.columns", "list it there"
                )
    codes = {target.code for target in mapping.targets}
    for claim in mapping.claims.verdicts:
        if claim.target != "*" and claim.target not in codes:
            root.key_position("claims").report(f"the verdict is of {claim.target!r}, which is no target here")


def provider_of(*, mapping: HistoryMapping, support_group: str) -> str | None:
    """The provider of ``support_group``: the first line of ``providers`` whose pattern fits, or None."""
    folded = support_group.casefold()
    return next((provider for pattern, provider in mapping.providers if fits(pattern, folded)), None)
