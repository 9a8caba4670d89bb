"""The values of a dimension: what they are called, and for business units how they lie in their tree."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from catalogue.public import catalogue
from people.public import directory
from reporting.engine.dimensions import Dimension
from sla.public import target_names
from tenancy.engine.words import say, word

_DIGITS = re.compile(r"([0-9]+)")
_NONE: dict[Dimension, str] = {
    "service": word("No service"),
    "organisation": word("No business unit"),
    "support_group": word("No support group"),
    "provider": word("No supplier"),
    "priority": word("No priority"),
    "target": word("No target"),
}


class Part(NamedTuple):
    """A row of a breakdown: its name, its key ("" for none), and the values that add up to it."""

    label: str
    key: str
    values: tuple[str, ...]
    depth: int


def parts_of(dimension: Dimension, found: Iterable[str], *, as_tree: bool = True) -> Sequence[Part]:
    """The rows for the values found, by name; business units as a tree in which each holds all below it."""
    present = set(found)
    if dimension == "organisation" and as_tree:
        return _tree(present)
    names = _names(dimension)
    labels = {value: names.get(value, value) if value else say(_NONE[dimension]) for value in present}
    ordered = sorted(present, key=lambda value: (not value, _as_read(labels[value]), value))
    return [Part(labels[value], value, (value,), 0) for value in ordered]


def below(organisation: str) -> tuple[str, ...]:
    """An organisation and every one under it."""
    children = _children()
    found, ahead = [], [organisation]
    while ahead:
        each = ahead.pop()
        found.append(each)
        ahead += children.get(each, [])
    return tuple(found)


class Choice(NamedTuple):
    """A value of a dimension that a filter can name: its code in addresses, its name, and its key."""

    code: str
    label: str
    key: str


NO_CODE = "none"


def choices_of(dimension: Dimension, *, provider_id: UUID | None = None) -> list[Choice]:
    """Every value that a filter can name, in the order of a list to choose from; groups of one provider if named."""
    names = _names(dimension)
    if dimension == "support_group" and provider_id is not None:
        groups = directory().groups
        names = {key: name for key, name in names.items() if groups[UUID(key)].provider_id == provider_id}
    codes = _codes(dimension)
    found = [Choice(codes.get(key, key), name, key) for key, name in names.items()]
    return sorted(found, key=lambda choice: (_as_read(choice.label), choice.key))


def key_of_code(dimension: Dimension, code: str) -> str | None:
    """The key of the value that an address names by its code; None when there is no such value."""
    if code == NO_CODE:
        return ""
    return next((choice.key for choice in choices_of(dimension) if choice.code == code), None)


def code_of_key(dimension: Dimension, key: str) -> str:
    """How addresses name a value."""
    return _codes(dimension).get(key, key) if key else NO_CODE


def _as_read(label: str) -> list[tuple[int, str]]:
    """What names are sorted by: Group 2 comes before Group 10."""
    return [
        (int(part), "") if part.isdigit() else (-1, part) for part in _DIGITS.split(label.casefold()) if part
    ]


def _codes(dimension: Dimension) -> dict[str, str]:
    return {str(key): row.code for key, row in _table(dimension).items()}


def _table(dimension: Dimension) -> Mapping[UUID, Any]:
    """The named things of a dimension; none for priorities and targets, which name themselves."""
    known = directory()
    tables: dict[Dimension, Mapping[UUID, Any]] = {
        "service": catalogue().services,
        "organisation": known.organisations,
        "support_group": known.groups,
        "provider": known.providers,
    }
    return tables.get(dimension, {})


def _names(dimension: Dimension) -> dict[str, str]:
    if dimension == "priority":
        return {str(priority): f"P{priority}" for priority in range(1, 6)}
    if dimension == "target":
        return target_names()
    return {str(key): row.name for key, row in _table(dimension).items()}


def _children() -> dict[str, list[str]]:
    children: dict[str, list[str]] = {}
    for key, row in directory().organisations.items():
        if row.parent_id:
            children.setdefault(str(row.parent_id), []).append(str(key))
    return children


def _tree(present: set[str]) -> list[Part]:
    known, children = directory().organisations, _children()
    found: list[Part] = []

    def walk(key: str, depth: int) -> None:
        everything = below(key)
        if present.isdisjoint(everything):
            return
        name = known[UUID(key)].name
        found.append(Part(name, key, everything, depth))
        for child in children.get(key, []):
            walk(child, depth + 1)

    for key, row in known.items():
        if row.parent_id is None:
            walk(str(key), 0)
    if "" in present:
        found.append(Part(_NONE["organisation"], "", ("",), 0))
    return found
