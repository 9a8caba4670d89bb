"""The parts of a mapping that say what happened: actors, events, moments, pauses, claims."""

from sla.engine.notation.nodes import Section, Value
from transition.engine.mapping import (
    ATTRIBUTES,
    NOTES,
    PENDING_STATES,
    Actors,
    Claim,
    Claims,
    Condition,
    Hold,
    Moment,
    Rule,
)
from transition.engine.parse_sources import (
    Scope,
    conditions,
    time_source,
    value_source,
    value_sources,
    word_of,
)

LENGTH_UNITS_S = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86_400.0}


def parse_actors(value: Value, scope: Scope) -> Actors:
    """Who acted, and which of them are machines or requesters."""
    section = Section(value)
    actors = Actors(
        source=section.take("actor", lambda v: value_source("actor", v, scope), None),
        opened_by=section.take("opened_by", lambda v: value_source("actor", v, scope), None),
        system=section.take("system", _folded, ()),
        requester=section.take("requester", _folded, ()),
    )
    section.finish()
    return actors


def _folded(value: Value) -> tuple[str, ...]:
    return tuple(text.casefold() for text in value.texts())


def parse_events(value: Value, scope: Scope) -> tuple[Rule, ...]:
    """The rules for the rows of an event log."""
    rules: list[Rule] = []
    for child in value.sequence():
        section = Section(child)
        when: tuple[Condition, ...] = section.require(
            "when", lambda v: conditions(v, scope), (), expected="a block of 'column: value'"
        )
        settings = section.take("set", lambda v: value_sources(v, scope, (*ATTRIBUTES, *NOTES)), ())
        section.finish()
        rules.append(Rule(when, settings))
    return tuple(rules)


def parse_moments(value: Value, scope: Scope) -> tuple[Moment, ...]:
    """The further time columns of a case table."""
    moments: list[Moment] = []
    for child in value.sequence():
        section = Section(child)
        at = section.require("at", lambda v: time_source(v, scope), None, expected="the column with the time")
        settings = section.require(
            "set", lambda v: value_sources(v, scope, (*ATTRIBUTES, *NOTES)), (), expected="what happened then"
        )
        section.finish()
        if at is not None:
            moments.append(Moment(at, settings))
    return tuple(moments)


def parse_holds(value: Value, scope: Scope, calendars: frozenset[str]) -> tuple[Hold, ...]:
    """The pauses told by columns of a case table."""
    holds: list[Hold] = []
    for child in value.sequence():
        section = Section(child)
        hold = Hold(
            state=section.take("state", lambda v: v.word(PENDING_STATES), "pending_requester"),
            start=section.take("from", lambda v: time_source(v, scope), None),
            end=section.take("until", lambda v: time_source(v, scope), None),
            length_column=section.take("length", scope.column, None),
            length_unit_s=LENGTH_UNITS_S[section.take("unit", word_of(*LENGTH_UNITS_S), "minutes")],
            measured_in=section.take("measured_in", lambda v: v.word(sorted(calendars)), None),
        )
        section.finish()
        if hold.length_column is None and (hold.start is None or hold.end is None):
            child.report(
                "the pause has no known extent", "write 'from' and 'until', or a 'length' and its 'unit'"
            )
        if hold.length_column is not None and hold.start is not None and hold.end is not None:
            child.report("the pause is described twice", "leave out 'length' or one of 'from' and 'until'")
        holds.append(hold)
    return tuple(holds)


def parse_claims(value: Value, scope: Scope) -> Claims:
    """What the other system says of itself."""
    section = Section(value)
    claims = Claims(
        reassignments=section.take("reassignments", scope.column, None),
        reopenings=section.take("reopenings", scope.column, None),
        verdicts=section.take(
            "verdicts", lambda v: tuple(_claim(child, scope) for child in v.sequence()), ()
        ),
    )
    section.finish()
    return claims


def _claim(value: Value, scope: Scope) -> Claim:
    section = Section(value)
    claim = Claim(
        target=section.take("target", Value.text, "*"),
        column=section.require("column", scope.column, "", expected="the column with the verdict"),
        met=frozenset(section.take("met", _folded, ("true",))),
        missed=frozenset(section.take("missed", _folded, ("false",))),
    )
    section.finish()
    return claim


def parse_providers(value: Value) -> tuple[tuple[str, str], ...]:
    """Which provider a support group belongs to: patterns in order."""
    return tuple((group.casefold(), provider.text()) for group, provider in value.entries())
