"""What pauses a clock: states and phases by name, and who holds the record.

A pause rule is a word: a state or phase as it is; `holder:requester`, `holder:approver`, `holder:wire`,
`holder:unassigned`; `group:` or `provider:` and a key, while that group, or a group of that provider, has custody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sla.engine.custody import holder
from sla.engine.errors import TargetDefinitionError
from tenancy.engine.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sla.engine.timeline import Attributes

PauseKind = Literal["requester", "approver", "wire", "unassigned", "group", "provider"]
PauseHolder = tuple[PauseKind, str | None]

HOLDERS = ("requester", "approver", "wire", "unassigned")
NAMED_HOLDERS = ("group", "provider")
REQUESTER: PauseHolder = ("requester", None)


def states_in(rules: Iterable[str]) -> frozenset[str]:
    """Return the states and phases among pause rules."""
    return frozenset(rule for rule in rules if ":" not in rule)


def holders_in(rules: Iterable[str]) -> frozenset[PauseHolder]:
    """Return the holders among pause rules that are right."""
    found: set[PauseHolder] = set()
    for rule in rules:
        kind, _, name = rule.partition(":")
        if kind == "holder":
            found.add((name, None))  # type: ignore[arg-type]  # `check_pauses` knows the words
        elif name:
            found.add((kind, name))  # type: ignore[arg-type]  # as above
    return frozenset(found)


def check_pauses(rules: Iterable[str]) -> None:
    """Refuse a rule that cannot be one. Raises TargetDefinitionError."""
    for rule in sorted(rules):
        kind, colon, name = rule.partition(":")
        if not colon and kind:
            continue
        if kind == "holder" and name in HOLDERS:
            continue
        if kind in NAMED_HOLDERS and name:
            continue
        raise TargetDefinitionError(
            "pause_on",
            say(
                "%(rule)s cannot stand here; use a state, a phase, holder: with %(holders)s, or "
                "group: or provider: with its key",
                rule=repr(rule),
                holders=", ".join(HOLDERS),
            ),
        )


def is_held_by(rules: frozenset[PauseHolder], attributes: Attributes) -> bool:
    """Tell whether such a record is held by one of the holders; a promise to the requester is not asked here."""
    kind, party = holder(attributes)
    if kind != "group":
        return (kind, None) in rules
    return ("group", str(party)) in rules or ("provider", str(attributes.provider)) in rules
