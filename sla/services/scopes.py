"""What a target covers, by the codes that people and API clients write, and by the keys that rows hold."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from catalogue.public import catalogue
from people.public import directory
from records.public import kinds
from sla.services.versions import DefinitionError

PRIORITIES = range(1, 6)
# Attributes whose values are rows with codes.
_ROWS: dict[str, Callable[[], Mapping[UUID, Any]]] = {
    "service": lambda: catalogue().services,
    "category": lambda: catalogue().categories,
    "organisation": lambda: directory().organisations,
    "support_group": lambda: directory().groups,
    "provider": lambda: directory().providers,
}
# Attributes that nobody defines here yet: what a version says of them is taken as it is.
_PLAIN = ("origin", "offering", "ci_class")
KNOWN = (*_ROWS, "priority", "kind", *_PLAIN)


def rows_of(attribute: str) -> Mapping[UUID, Any]:
    """What an attribute can be, by key; nothing for one whose values are no rows."""
    return _ROWS[attribute]() if attribute in _ROWS else {}


def choices_of(attribute: str) -> list[tuple[str, str]]:
    """What people choose from, by code, in order of name; categories after their parents' names."""
    if attribute == "kind":
        return [(each.code, gettext(each.label)) for each in kinds()]
    rows = rows_of(attribute)

    def path(row: Any) -> str:
        parent = rows.get(row.parent_id) if attribute == "category" and row.parent_id else None
        return f"{path(parent)} / {row.name}" if parent else str(row.name)

    active = [row for row in rows.values() if getattr(row, "is_active", True)]
    return sorted(((row.code, path(row)) for row in active), key=lambda pair: pair[1].casefold())


def scope_keys(codes: Mapping[str, Iterable[Any]]) -> dict[str, list[Any]]:
    """A scope as rows hold it. Raises DefinitionError naming what is unknown, as `scope.service`."""
    found: dict[str, list[Any]] = {}
    for attribute, values in codes.items():
        given = list(dict.fromkeys(values))
        if attribute not in KNOWN:
            words = gettext("There is no such attribute. Known: %(known)s.") % {"known": ", ".join(KNOWN)}
            raise DefinitionError(words, fields={f"scope.{attribute}": words})
        if given:
            found[attribute] = [_key(attribute, value) for value in given]
    return found


def scope_codes(scope: Mapping[str, Iterable[Any]]) -> dict[str, list[Any]]:
    """A scope as people write it; what a row's key no longer leads to stays as it is."""
    return {
        attribute: [_code(rows_of(attribute), value) for value in values]
        for attribute, values in scope.items()
        if values
    }


def scope_names(scope: Mapping[str, Iterable[Any]]) -> dict[str, list[str]]:
    """A scope in names. Kinds of record are named by their life cycle's label."""
    labels = {each.code: gettext(each.label) for each in kinds()}
    found: dict[str, list[str]] = {}
    for attribute, values in scope.items():
        rows = rows_of(attribute)
        names = [
            str(getattr(_row(rows, value), "name", None) or labels.get(value, value)) for value in values
        ]
        if names:
            found[attribute] = names if attribute == "priority" else sorted(names)
    return found


# Which attribute's rows a pause rule's key is of.
_PAUSING = {"group": "support_group", "provider": "provider"}


def pause_keys(rules: Iterable[str]) -> list[str]:
    """Pause rules as rows hold them: a group or provider by key. A code that leads nowhere stays, to be refused."""
    return [
        _pause(rule, lambda rows, code: next((k for k, r in rows.items() if r.code == code), None))
        for rule in rules
    ]


def pause_codes(rules: Iterable[str]) -> list[str]:
    """Pause rules as people write them; what a row's key no longer leads to stays as it is."""
    return [_pause(rule, lambda rows, key: getattr(_row(rows, key), "code", None)) for rule in rules]


def _pause(rule: str, find: Callable[[Mapping[UUID, Any], str], Any]) -> str:
    kind, _, name = rule.partition(":")
    found = find(rows_of(_PAUSING[kind]), name) if kind in _PAUSING else None
    return rule if found is None else f"{kind}:{found}"


def _row(rows: Mapping[UUID, Any], value: Any) -> Any:
    try:
        return rows.get(UUID(str(value)))
    except ValueError:
        return None


def _code(rows: Mapping[UUID, Any], value: Any) -> Any:
    row = _row(rows, value) if rows else None
    return value if row is None else row.code


def _key(attribute: str, value: Any) -> Any:
    if attribute == "priority":
        if isinstance(value, bool) or not isinstance(value, int) or value not in PRIORITIES:
            raise _unknown(attribute, value)
        return value
    if not isinstance(value, str) or not value:
        raise _unknown(attribute, value)
    if attribute == "kind":
        if value not in {each.code for each in kinds()}:
            raise _unknown(attribute, value)
        return value
    if attribute in _PLAIN:
        return value
    for key, row in rows_of(attribute).items():
        if row.code == value:
            return str(key)
    raise _unknown(attribute, value)


def _unknown(attribute: str, value: Any) -> DefinitionError:
    words = gettext("There is no %(attribute)s “%(value)s”.") % {
        "attribute": attribute.replace("_", " "),
        "value": str(value)[:80],
    }
    return DefinitionError(words, fields={f"scope.{attribute}": words})
