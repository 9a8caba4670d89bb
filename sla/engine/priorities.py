"""Priorities of a record's history, derived anew from impact and urgency by another matrix. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sla.engine.timeline import Change

# Gives the priority for a service's key, an impact and an urgency.
PriorityOf = Callable[[str | None, int, int], int]

_ASKED = ("impact", "urgency", "service", "priority", "priority_set_by", "origin")
_BY_HAND = "hand"


def with_other_priorities(
    changes: Sequence[Change],
    facts: Sequence[Mapping[str, Any]],
    *,
    before: PriorityOf,
    after: PriorityOf,
) -> list[Change] | None:
    """Return the changes with the priorities that `after` gives, None where they are the same.

    `facts` are those of each change's audit entry, as pairs of old and new. A priority follows the matrix unless it
    was set by hand, with a reason, until it was told to follow again. One that came with an imported history
    followed if `before` gives it; without impact and urgency it never did.
    """
    now: dict[str, Any] = {}
    by_hand = False
    found: list[Change] = []
    differs = False
    for change, told in zip(changes, facts, strict=True):
        news = {name: told[name][1] for name in _ASKED if name in told}
        now |= news
        if "priority_set_by" in news:
            by_hand = news["priority_set_by"] == _BY_HAND
        elif "reason" in told and change.verb.endswith(":classify"):
            by_hand = True
        if not news:
            found.append(change)
            continue
        recorded = now.get("priority")
        priority = recorded
        if not by_hand and recorded is not None and _follows(now, recorded, before):
            priority = after(now.get("service"), now["impact"], now["urgency"])
        if priority == change.facts.get("priority", recorded) and "priority" in change.facts:
            found.append(change)
            continue
        differs = differs or priority != recorded
        found.append(change._replace(facts={**change.facts, "priority": priority}))
    return found if differs else None


def _follows(now: Mapping[str, Any], recorded: int, before: PriorityOf) -> bool:
    impact, urgency = now.get("impact"), now.get("urgency")
    if impact is None or urgency is None:
        return False
    return not now.get("origin") or before(now.get("service"), impact, urgency) == recorded
