"""Targets as people write them: what is promised, for which records, measured how.

A field more is one more line in `_target`, in `TargetEntry`, and in `printing.target_lines`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, cast

from lifecycle.public import PHASES
from sla.engine.durations import DurationError, parse_duration
from sla.engine.errors import TargetDefinitionError
from sla.engine.escalations import ACTIONS, EscalationTerms, faults_of
from sla.engine.notation.entries import Choice, TargetEntry
from sla.engine.notation.nodes import InvalidValueError, Section, Value, nearest
from sla.engine.pauses import HOLDERS, NAMED_HOLDERS
from sla.engine.targets import MARKS, METRICS, TargetDefinition
from tenancy.engine.words import say

KINDS = ("sla", "ola", "uc")
RESPONSES = tuple(sorted(MARKS))
HOLDER_RULES = tuple(f"holder:{name}" for name in HOLDERS)
DEFAULT_STOPS: Mapping[str, tuple[str, ...]] = {"response": RESPONSES, "resolution": ("resolved", "closed")}
# What of an entry is written under another word in TargetDefinition.
WRITTEN: Mapping[str, str] = {
    "start_on": "start",
    "stop_on": "stop",
    "pause_on": "pause",
}
DEFAULT_WARNINGS = (50, 75, 90)
HIGHEST_WARNING = 99
PRIORITIES = (1, 5)
PRIORITY = "priority"
PLAIN_NUMBER = re.compile(r"(?:p|priority\s*)?([1-5])(?:\.0+)?(?:\s*[-–:].*)?\Z", re.IGNORECASE)
CODE = re.compile(r"[A-Za-z0-9_-]{1,80}\Z")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a document may use.

    `scope` are the attributes that a target can be limited to. `choices` gives, for attributes whose values must
    exist, how each may be written and its code; other attributes take any text. Escalations
    name a `role` like that. `calendars` are codes of calendars besides the document's own.
    """

    states: tuple[str, ...]
    scope: tuple[str, ...]
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    calendars: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    needs_slugs: bool = False

    @property
    def stages(self) -> tuple[str, ...]:
        """The states and phases that records go through, each once."""
        return tuple(dict.fromkeys((*self.states, *PHASES)))


def parse_targets(
    value: Value, calendars: frozenset[str], words: Vocabulary
) -> tuple[tuple[TargetEntry, ...], tuple[str, ...]]:
    """All targets in order, and the codes of those that are retired; wrong ones are reported and left out."""
    found: list[TargetEntry] = []
    retired: list[str] = []
    codes: set[str] = set()
    for child in value.sequence():
        try:
            section = Section(child)
            code = section.require("code", Value.text, "", expected=say("a short name, unique in this file"))
            _check_code(section, code, words)
            if section.take("retired", Value.boolean, default=False):
                section.finish()
                _check_known(child, code, words)
                retired.append(code)
            else:
                found.append(_target(section, code, calendars, words))
        except InvalidValueError:
            continue
        if code in codes:
            child.report(
                say("the code %(code)s is used twice", code=repr(code)),
                say("give every target a code of its own"),
            )
        codes.add(code)
    return tuple(found), tuple(retired)


def _check_code(section: Section, code: str, words: Vocabulary) -> None:
    if words.needs_slugs and code and not CODE.match(code):
        section.value.key_position("code").report(
            say("%(code)s is no code", code=repr(code)),
            say("use up to 80 letters, digits, - and _ without spaces"),
        )


def _check_known(value: Value, code: str, words: Vocabulary) -> None:
    if words.targets and code not in words.targets:
        value.report(
            say("no target has the code %(code)s", code=repr(code)), nearest(code, sorted(words.targets))
        )


def _target(section: Section, code: str, calendars: frozenset[str], words: Vocabulary) -> TargetEntry:
    sound = len(section.value.faults)
    metric = section.take("metric", lambda v: v.word(METRICS), "resolution")
    warn_at = section.take("warn_at", _warnings, DEFAULT_WARNINGS)
    stops = DEFAULT_STOPS.get(metric, ("resolved", "closed"))
    target = TargetEntry(
        code=code,
        name=section.take("name", Value.text, code),
        kind=cast("Literal['sla', 'ola', 'uc']", section.take("kind", lambda v: v.word(KINDS), "sla")),
        metric=metric,
        applies_to=section.take("applies_to", lambda v: _scope(v, words), {}),
        duration_s=section.require("duration", _duration, 0, expected=say("write 15h, 1h30m, 20m or PT15H")),
        calendar=section.require(
            "calendar",
            lambda v: v.word(sorted(calendars)),
            "",
            expected=say("the code of a calendar of this file"),
        ),
        start=section.take("start", lambda v: v.word(("opened", *RESPONSES, *words.stages)), "opened"),
        stop=section.take("stop", _words((*RESPONSES, *words.stages)), frozenset(stops)),
        pause=section.take("pause", lambda v: _pauses(v, words), frozenset()),
        pause_until=section.take("pause_until", Value.boolean, default=False),
        warn_at=warn_at,
        cumulative=section.take("cumulative", Value.boolean, default=True),
        escalations=section.take("escalations", lambda v: _escalations(v, warn_at, words), None),
    )
    section.finish()
    if len(section.value.faults) == sound:
        _check_whole(section, target)
    return target


def _check_whole(section: Section, target: TargetEntry) -> None:
    """What no line of a target is wrong with by itself, such as a state that both stops and pauses it."""
    try:
        TargetDefinition(
            id=target.code,
            code=target.code,
            kind=target.kind,
            metric=target.metric,
            duration=target.duration_s,
            calendar=target.calendar,
            scope=target.applies_to,
            start_on=target.start,
            stop_on=target.stop,
            pause_on=target.pause,
            warn_at=target.warn_at,
            cumulative=target.cumulative,
            pause_until=target.pause_until,
        )
    except TargetDefinitionError as error:
        for field, reason in error.fields.items():
            section.place(WRITTEN.get(field, field)).report(reason)


def _duration(value: Value) -> int:
    try:
        return parse_duration(value.text())
    except DurationError as error:
        raise value.invalid(str(error)) from error


def _words(known: tuple[str, ...]) -> Callable[[Value], frozenset[str]]:
    def convert(value: Value) -> frozenset[str]:
        return frozenset(member.word(known) for member in _members(value))

    return convert


def _pauses(value: Value, words: Vocabulary) -> frozenset[str]:
    """States, phases and holders; groups and providers by code."""
    return frozenset(_pause(member, words) for member in _members(value))


def _pause(value: Value, words: Vocabulary) -> str:
    text = value.text()
    kind, _, name = text.partition(":")
    if kind not in NAMED_HOLDERS or not name:
        return value.word((*words.stages, *HOLDER_RULES))
    attribute = "support_group" if kind == "group" else kind
    return f"{kind}:{_code_of(attribute, name, value, words)}"


def _escalations(value: Value, warn_at: tuple[int, ...], words: Vocabulary) -> tuple[EscalationTerms, ...]:
    found: list[tuple[Value, EscalationTerms]] = []
    for child in value.sequence():
        # One that is wrong by itself keeps no other from being looked at.
        with suppress(InvalidValueError):
            found.append((child, _escalation(child, words)))
    for number, name, reason in faults_of([each for _, each in found], warn_at=warn_at):
        child = found[number][0]
        dict(child.entries()).get(name, child).report(reason)
    return tuple(sorted(each for _, each in found))


def _escalation(value: Value, words: Vocabulary) -> EscalationTerms:
    section = Section(value)
    known = len(value.faults)
    found = EscalationTerms(
        percent=section.require(
            "percent",
            lambda v: v.integer(low=1, high=100),
            0,
            expected=say("write a warning point, or 100 for the breach"),
        ),
        action=section.require(
            "action",
            lambda v: v.word(ACTIONS),
            "",
            expected=say("write one of %(actions)s", actions=", ".join(ACTIONS)),
        ),
        role=section.take("role", lambda v: _code_of("role", v.text(), v, words), ""),
        support_group=section.take(
            "support_group", lambda v: _code_of("support_group", v.text(), v, words), ""
        ),
    )
    section.finish()
    if len(value.faults) > known:
        raise InvalidValueError
    return found


def _warnings(value: Value) -> tuple[int, ...]:
    return tuple(sorted({member.integer(low=1, high=HIGHEST_WARNING) for member in _members(value)}))


def _members(value: Value) -> Sequence[Value]:
    return value.sequence() if value.is_sequence else [value]


def _scope(value: Value, words: Vocabulary) -> dict[str, frozenset[Choice]]:
    scope: dict[str, frozenset[Choice]] = {}
    for name, child in value.entries():
        if name not in words.scope:
            value.key_position(name).report(
                say("%(name)s is nothing a target can be limited to", name=repr(name)),
                nearest(name, words.scope),
            )
            continue
        scope[name] = frozenset(_scope_value(name, member, words) for member in _members(child))
    return scope


def _scope_value(name: str, value: Value, words: Vocabulary) -> Choice:
    text = value.text()
    if name == PRIORITY:
        number = plain_number(text, *PRIORITIES)
        if number is None:
            raise value.invalid(
                say(
                    "%(text)s is no priority: a number from %(priorities)s to %(priorities_b)s",
                    text=repr(text),
                    priorities=PRIORITIES[0],
                    priorities_b=PRIORITIES[1],
                )
            )
        return number
    return _code_of(name, text, value, words)


def _code_of(name: str, text: str, value: Value, words: Vocabulary) -> str:
    """The code of a row that a text is the code or the name of; the text itself where any is taken."""
    choices = words.choices.get(name)
    if choices is None:
        return text
    if text not in choices:
        raise value.invalid(
            say("there is no %(name)s %(text)s", name=name.replace("_", " "), text=repr(text)),
            nearest(text, choices),
        )
    return choices[text]


def plain_number(text: str, low: int, high: int) -> int | None:
    """The number in `3`, `P3` or `3 - Moderate`; None where there is none from `low` to `high`."""
    match = PLAIN_NUMBER.match(text)
    return int(match.group(1)) if match and low <= int(match.group(1)) <= high else None
