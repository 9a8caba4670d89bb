"""What happens by itself at a point of a clock, as a target says it. It moves no clock and changes no verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenancy.engine.words import say, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ACTIONS = ("notify_role", "raise_priority", "reassign")
#: Which action names whom: the field that holds the code.
NAMED: dict[str, str] = {"notify_role": "role", "reassign": "support_group"}
_NOUNS = {"role": word("role"), "support_group": word("support group")}
BREACH_PERCENT = 100
#: More would be noise, not escalation.
MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class EscalationTerms:
    """What happens at `percent` of the time, 100 being the breach: one of the target's warning points, or the breach.

    action: notify_role (a `role`, by code), raise_priority, or reassign (to a `support_group`, by code).
    """

    percent: int
    action: str
    role: str = ""
    support_group: str = ""


def faults_of(
    escalations: Iterable[EscalationTerms], *, warn_at: Iterable[int]
) -> Iterator[tuple[int, str, str]]:
    """What is wrong with escalations by themselves: which of them (from 0), its field ("" for all of it), and why."""
    points = (*sorted(set(warn_at)), BREACH_PERCENT)
    seen: set[EscalationTerms] = set()
    for number, each in enumerate(escalations):
        if number == MOST:
            yield number, "", say("A target has at most %(most)s escalations.", most=MOST)
            return
        if each in seen:
            yield number, "", say("The same is named twice; each is done once.")
            continue
        seen.add(each)
        if each.percent not in points:
            said = ", ".join(map(str, points))
            yield (
                number,
                "percent",
                say(
                    "%(percent)s is no point of this target; use %(said)s, or add a warning there.",
                    percent=each.percent,
                    said=said,
                ),
            )
        if each.action not in ACTIONS:
            yield (
                number,
                "action",
                say(
                    "%(action)s is none of %(actions)s.", action=repr(each.action), actions=", ".join(ACTIONS)
                ),
            )
            continue
        for action, field in NAMED.items():
            noun, code = say(_NOUNS[field]), getattr(each, field)
            if each.action == action and not code:
                yield number, field, say("Name the %(noun)s by its code.", noun=noun)
            if code and each.action != action:
                yield (
                    number,
                    field,
                    say(
                        "Only %(action)s names a %(noun)s, %(action_b)s does not.",
                        action=action,
                        noun=noun,
                        action_b=each.action,
                    ),
                )
