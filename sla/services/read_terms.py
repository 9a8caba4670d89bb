"""The terms of a target as people and API clients write them, read: by codes, every one that is wrong named."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext

from calendars.models import Calendar
from calendars.public import find_calendar
from lifecycle.public import RuleError
from records.public import kinds
from sla.engine import EscalationTerms, TargetDefinitionError
from sla.engine.pauses import check_pauses
from sla.engine.targets import MARKS, OPENED
from sla.services.scopes import pause_keys, scope_keys
from sla.services.versions import DefinitionError

LONGEST = 10 * 366 * 86_400
_PAUSED_BY = ("holder:", "group:", "provider:")


def read_terms(written: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Terms as TargetTerms has them, from terms as they were written, and what is wrong with them."""
    given: dict[str, Any] = dict(written)
    wrong: dict[str, str] = {}
    for name in ("calendar", "scope", "duration"):
        if name in given:
            try:
                given[name] = _READERS[name](given[name])
            except RuleError as error:
                wrong |= error.fields
    for name in ("start_on", "stop_on", "pause_on"):
        if name in given:
            wrong |= _unknown_tokens(name, given[name])
    if "pause_on" in given:
        given["pause_on"] = pause_keys(given["pause_on"])
    for name in ("stop_on", "pause_on", "warn_at"):
        if name in given:
            given[name] = tuple(dict.fromkeys(given[name]))
    if "escalations" in given:
        # In the order they were given, so that what is wrong with one is said of that one.
        given["escalations"] = tuple(EscalationTerms(**dict(each)) for each in given["escalations"])
    return given, wrong


def _known_tokens() -> frozenset[str]:
    """The states and phases of every kind of record: what starts, stops and pauses clocks."""
    cycles = [each.lifecycle for each in kinds()]
    states = {name for cycle in cycles for name in cycle.states}
    return frozenset(states | {state.phase for cycle in cycles for state in cycle.states.values()})


def _calendar(code: str) -> Calendar:
    calendar = find_calendar(code)
    if calendar is None:
        words = gettext("There is no calendar with the code “%(code)s”.") % {"code": str(code)[:80]}
        raise DefinitionError(words, fields={"calendar": words})
    return calendar


def _duration(amount: int) -> int:
    if not 0 < amount <= LONGEST:
        words = gettext("Give a time of more than nothing and at most ten years.")
        raise DefinitionError(words, fields={"duration": words})
    return amount


_READERS: Mapping[str, Any] = {"calendar": _calendar, "scope": scope_keys, "duration": _duration}


def _unknown_tokens(name: str, tokens: str | Iterable[str]) -> dict[str, str]:
    given = {tokens} if isinstance(tokens, str) else set(tokens)
    if name == "pause_on":
        held = {token for token in given if token.startswith(_PAUSED_BY)}
        try:
            check_pauses(held)
        except TargetDefinitionError as error:
            return {name: f"{error.reason[:1].upper()}{error.reason[1:]}."}
        given -= held
    known = (
        _known_tokens()
        | ({OPENED} if name == "start_on" else frozenset())
        | (frozenset() if name == "pause_on" else MARKS)
    )
    if unknown := sorted(given - known):
        words = gettext("Unknown: %(unknown)s. Known: %(known)s.")
        return {name: words % {"unknown": ", ".join(unknown)[:80], "known": ", ".join(sorted(known))}}
    return {}
