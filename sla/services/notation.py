"""The tenant's definitions in the notation, with the names and codes of its own rows."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from calendars.engine import calendar_json, parse_calendar
from calendars.models import Calendar, CalendarVersion
from catalogue.models import PriorityMatrix
from catalogue.public import catalogue
from people.public import directory
from records.public import kinds
from sla.engine import SCOPE_ATTRIBUTES, EscalationTerms, TargetDefinition
from sla.engine.notation import (
    CalendarEntry,
    Document,
    MatrixEntry,
    TargetEntry,
    Vocabulary,
    parse_definitions,
)
from sla.models import Target
from sla.services.book import Definitions, definitions
from sla.services.escalate import escalations
from sla.services.scopes import pause_codes, pause_keys

# Attributes of a target's scope whose values are rows, with codes and names.
_ROWS = ("service", "category", "organisation", "support_group", "provider")


def vocabulary() -> Vocabulary:
    """The words that a document of definitions may use in the tenant in scope."""
    states = dict.fromkeys(state for kind in kinds() for state in kind.lifecycle.states)
    choices = {name: _spellings(_rows(name)) for name in _ROWS}
    choices["role"] = _spellings(directory().roles.values())
    choices["kind"] = {kind.code: kind.code for kind in kinds()}
    return Vocabulary(
        states=tuple(states),
        scope=SCOPE_ATTRIBUTES,
        choices=choices,
        calendars=frozenset(Calendar.objects.values_list("code", flat=True)),
        targets=frozenset(Target.objects.values_list("code", flat=True)),
        needs_slugs=True,
    )


def read_document(source: str, *, file: str = "definitions") -> Document:
    """A document in the words of the tenant in scope. Raises NotationError."""
    return parse_definitions(source=source, words=vocabulary(), file=file)


def todays_document(at: int) -> Document:
    """The definitions of the tenant in scope that are in force at an instant (UTC epoch seconds)."""
    calendars = calendars_at(at)
    codes = {key: calendar.code for key, calendar in _calendar_rows().items()}
    names = dict(Target.objects.values_list("code", "name"))
    return Document(
        calendars=calendars,
        targets=tuple(
            target_entry(target, name=names[target.code], calendar=codes[target.calendar])
            for _, target in sorted(targets_in_force(definitions(), at).items())
        ),
        matrices=todays_matrices(),
    )


def calendars_at(at: int) -> dict[str, CalendarEntry]:
    """Each calendar as it is at an instant, by code; one that begins later as it begins."""
    rows = _calendar_rows()
    found: dict[str, CalendarEntry] = {}
    for version in CalendarVersion.objects.order_by("calendar_id", "effective_from"):
        calendar = rows[str(version.calendar_id)]
        if calendar.code not in found or version.effective_from.timestamp() < at + 1:
            definition = calendar_json(parse_calendar(version.definition))
            found[calendar.code] = CalendarEntry(calendar.code, definition, calendar.name)
    return found


def targets_in_force(held: Definitions, at: int) -> dict[str, TargetDefinition]:
    """The version of each target that is in force at an instant, by code."""
    return {
        definition.code: definition
        for chain in held.book.chains
        for definition in chain.definitions
        if definition.in_force(at)
    }


def todays_matrices() -> tuple[MatrixEntry, ...]:
    """Every priority matrix, and which services it is for."""
    users: dict[Any, list[str]] = {}
    for service in catalogue().services.values():
        users.setdefault(service.matrix_id, []).append(service.code)
    return tuple(
        MatrixEntry(
            name=matrix.name,
            cells=tuple(matrix.cells),
            is_default=matrix.is_default,
            services=tuple(sorted(users.get(matrix.pk, ()))),
        )
        for matrix in PriorityMatrix.objects.order_by("name")
    )


def target_entry(target: TargetDefinition, *, name: str, calendar: str) -> TargetEntry:
    """A target as it is written. `calendar` is its calendar's code."""
    return TargetEntry(
        code=target.code,
        name=name,
        kind=target.kind,
        metric=target.metric,
        applies_to={attribute: _codes(attribute, values) for attribute, values in target.scope.items()},
        duration_s=target.duration,
        calendar=calendar,
        start=target.start_on,
        stop=target.stop_on,
        pause=frozenset(pause_codes(target.pause_on)),
        pause_until=target.pause_until,
        warn_at=target.warn_at,
        cumulative=target.cumulative,
        escalations=escalations_of(target),
    )


def escalations_of(target: TargetDefinition) -> tuple[EscalationTerms, ...]:
    """What happens at the points of a stored target's clocks, in order."""
    rules: Sequence[Any] = escalations().get(UUID(str(target.id)), ())
    return tuple(
        sorted(
            EscalationTerms(
                percent=rule.percent, action=rule.action, role=rule.role, support_group=rule.support_group
            )
            for rule in rules
        )
    )


def target_terms(entry: TargetEntry) -> dict[str, Any]:
    """What an entry says of a TargetDefinition, by field; its calendar's key is the caller's to add.

    Escalations are no part of it: they change nothing of what is measured.
    """
    return {
        "kind": entry.kind,
        "metric": entry.metric,
        "duration": entry.duration_s,
        "scope": {attribute: _keys(attribute, values) for attribute, values in entry.applies_to.items()},
        "start_on": entry.start,
        "stop_on": entry.stop,
        "pause_on": frozenset(pause_keys(entry.pause)),
        "pause_until": entry.pause_until,
        "warn_at": entry.warn_at,
        "cumulative": entry.cumulative,
    }


def _calendar_rows() -> dict[str, Calendar]:
    return {str(row.pk): row for row in Calendar.objects.all()}


def _rows(attribute: str) -> Iterable[Any]:
    known, people = catalogue(), directory()
    return {
        "service": known.services,
        "category": known.categories,
        "organisation": people.organisations,
        "support_group": people.groups,
        "provider": people.providers,
    }[attribute].values()


def _spellings(rows: Iterable[Any]) -> dict[str, str]:
    """How rows may be written: by name where it is one row's alone, and always by code."""
    rows = list(rows)
    names = Counter(row.name for row in rows)
    return {row.name: row.code for row in rows if names[row.name] == 1} | {row.code: row.code for row in rows}


def _codes(attribute: str, values: Iterable[Any]) -> frozenset[Any]:
    """Codes for keys; a key that leads nowhere any more stays as it is."""
    if attribute not in _ROWS:
        return frozenset(values)
    codes = {str(row.pk): row.code for row in _rows(attribute)}
    return frozenset(codes.get(value, value) for value in values)


def _keys(attribute: str, values: Iterable[Any]) -> frozenset[Any]:
    if attribute not in _ROWS:
        return frozenset(values)
    keys = {row.code: str(row.pk) for row in _rows(attribute)}
    return frozenset(keys.get(value, value) for value in values)
