"""The targets of a mapping: what is promised, for which records, measured how."""

from collections.abc import Callable, Mapping
from typing import Literal, cast

from transition.engine.durations import DurationError, duration_seconds
from transition.engine.mapping import NUMBER_RANGES, STATES, Choice, Target
from transition.engine.parse_sources import own_value
from transition.engine.yaml_nodes import InvalidValueError, Section, Value, nearest

KINDS = ("sla", "ola", "uc")
METRICS = ("response", "update", "resolution", "fulfilment", "approval")
SCOPE = ("priority", "service", "support_group", "provider", "category", "organisation", "kind")
PHASES = ("open", "pending")
RESPONSES = ("responded:comment", "responded:assigned")
STARTS = ("opened", *RESPONSES, *STATES, *PHASES)
DEFAULT_STOPS: Mapping[str, tuple[str, ...]] = {"response": RESPONSES, "resolution": ("resolved", "closed")}
DEFAULT_WARNINGS = (50, 75, 90)
HIGHEST_WARNING = 99


def parse_targets(value: Value, calendars: frozenset[str]) -> tuple[Target, ...]:
    """All targets in order; wrong ones are reported and left out."""
    found: list[Target] = []
    places: dict[str, Value] = {}
    for child in value.sequence():
        try:
            target = _target(child, calendars)
        except InvalidValueError:
            continue
        if target.code in places:
            child.report(f"the code {target.code!r} is used twice", "give every target a code of its own")
        places[target.code] = child
        found.append(target)
    return tuple(found)


def _target(value: Value, calendars: frozenset[str]) -> Target:
    section = Section(value)
    code = section.require("code", Value.text, "", expected="a short name, unique in this file")
    metric = section.take("metric", lambda v: v.word(METRICS), "resolution")
    stops = DEFAULT_STOPS.get(metric, ("resolved", "closed"))
    target = Target(
        code=code,
        name=section.take("name", Value.text, code),
        kind=cast("Literal['sla', 'ola', 'uc']", section.take("kind", lambda v: v.word(KINDS), "sla")),
        metric=metric,
        applies_to=section.take("applies_to", _scope, {}),
        duration_s=section.require("duration", _duration, 0, expected="write 15h, 1h30m, 20m or PT15H"),
        calendar=section.require(
            "calendar",
            lambda v: v.word(sorted(calendars)),
            "",
            expected="the code of a calendar of this file",
        ),
        start=section.take("start", lambda v: v.word(STARTS), "opened"),
        stop=section.take("stop", _words((*RESPONSES, *STATES)), frozenset(stops)),
        pause=section.take("pause", _words((*STATES, *PHASES)), frozenset()),
        warn_at=section.take("warn_at", _warnings, DEFAULT_WARNINGS),
        cumulative=section.take("cumulative", Value.boolean, default=True),
    )
    section.finish()
    return target


def _duration(value: Value) -> int:
    try:
        return duration_seconds(text=value.text())
    except DurationError as error:
        raise value.invalid(str(error)) from error


def _words(known: tuple[str, ...]) -> Callable[[Value], frozenset[str]]:
    def convert(value: Value) -> frozenset[str]:
        members = value.sequence() if value.is_sequence else [value]
        return frozenset(member.word(known) for member in members)

    return convert


def _warnings(value: Value) -> tuple[int, ...]:
    members = value.sequence() if value.is_sequence else [value]
    return tuple(sorted({member.integer(low=1, high=HIGHEST_WARNING) for member in members}))


def _scope(value: Value) -> dict[str, frozenset[Choice]]:
    scope: dict[str, frozenset[Choice]] = {}
    for name, child in value.entries():
        if name not in SCOPE:
            value.key_position(name).report(
                f"{name!r} is nothing a target can be limited to", nearest(name, SCOPE)
            )
            continue
        members = child.sequence() if child.is_sequence else [child]
        scope[name] = frozenset(_scope_value(name, member) for member in members)
    return scope


def _scope_value(name: str, value: Value) -> Choice:
    text = value.text()
    if name not in NUMBER_RANGES:
        return text
    try:
        return own_value(name, text)
    except ValueError as error:
        raise value.invalid(str(error)) from error
