"""Who approves a request, as notation: levels one after another, each asked when the one before it approved.

    {"levels": [{"code", "name": {"en", "cy"}, "by": [approver, ...],
                 "rule"?: "any" | "all" | "quorum", "quorum"?: 2, "when"?: condition, "skip_if_qualified"?: true,
                 "remind_after"?: "PT8H", "escalate_after"?: "PT16H", "escalate_to"?: [approver, ...]}]}

An approver is {"manager": true}, {"role": code}, {"group": code} or {"person": e-mail}. Conditions look at answers, at
`cost` (pence, of the line) and at `quantity`. Times are working time of the service, or of all days without hours.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalogue.engine.durations import read_seconds
from catalogue.engine.forms import Condition, Form, holds, read_condition
from catalogue.engine.texts import is_text
from tenancy.engine.words import say

LEVELS_MAX = 10
APPROVERS_MAX = 20
QUORUM_MAX = 50
RULES = ("any", "all", "quorum")
APPROVERS = ("manager", "role", "group", "person")
_CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_LANGUAGES = ("en", "cy")
_LONGEST_CODE = 60
_LONGEST_NAME = 200
_KNOWN = {
    "code", "name", "by", "rule", "quorum", "when", "skip_if_qualified",
    "remind_after", "escalate_after", "escalate_to",
}  # fmt: skip
# What conditions may look at beside the answers.
OWN_FACTS = {"cost": "money", "quantity": "number"}
_PENCE = 100
Faults = dict[str, str]


class ApprovalFaultyError(ValueError):
    """An approval plan that cannot be: `faults` tells each, by path."""

    code = "approval_faulty"

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {reason}" for path, reason in faults.items()))
        self.faults = dict(faults)


@dataclass(frozen=True, slots=True)
class ApproverName:
    """Who is asked: `sort` is one of APPROVERS; `name` a code or an e-mail address, "" for the manager."""

    sort: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level. `quorum` is how many must approve under that rule, else 0; times in seconds, None for never.

    `notation` is all of it as it was written.
    """

    code: str
    name: Mapping[str, str]
    by: tuple[ApproverName, ...]
    rule: str
    quorum: int
    when: Condition | None
    skips_qualified: bool
    remind_after: int | None
    escalate_after: int | None
    escalate_to: tuple[ApproverName, ...]
    notation: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ApprovalPlan:
    """Levels in the order in which they are asked."""

    levels: tuple[Level, ...]

    def chosen(self, facts: Mapping[str, Any]) -> tuple[Level, ...]:
        """The levels that these answers, this `cost` and this `quantity` call for."""
        return tuple(level for level in self.levels if holds(level.when, facts))


def facts_of(answers: Mapping[str, Any], unit_price: Decimal | None, quantity: int) -> dict[str, Any]:
    """What levels look at: the answers, and what all of it costs (pence) and comes to. `unit_price` is in pounds."""
    cost = int((unit_price or Decimal(0)) * quantity * _PENCE)
    return dict(answers) | {"cost": cost, "quantity": quantity}


def read_approval(data: Any, form: Form | None = None) -> ApprovalPlan:
    """An approval plan from its notation; `form` is the one whose answers its conditions look at. None is no levels.

    Raises ApprovalFaultyError with all that is wrong, by path.
    """
    if data is None:
        return ApprovalPlan(())
    if not isinstance(data, Mapping) or set(data) != {"levels"} or not isinstance(data["levels"], list):
        raise ApprovalFaultyError({"": say('An approval plan is written as {"levels": [...]}.')})
    faults: Faults = {}
    if len(data["levels"]) > LEVELS_MAX:
        faults["levels"] = say("Use %(most)s levels at most.", most=LEVELS_MAX)
        raise ApprovalFaultyError(faults)
    fields = [each for _, each in form.fields()] if form else []
    types = OWN_FACTS | {each.code: each.type for each in fields}
    options = {each.code: {option.value for option in each.options} for each in fields}
    levels: list[Level] = []
    for place, each in enumerate(data["levels"]):
        path = f"levels.{place}"
        if not isinstance(each, Mapping):
            faults[path] = say("A level is an object.")
            continue
        level = _level(each, path, types, options, faults)
        if level.code and any(level.code == before.code for before in levels):
            faults[f"{path}.code"] = say(
                "There is another level with the code %(code)s.", code=repr(level.code)
            )
        levels.append(level)
    taken = sorted(OWN_FACTS.keys() & {each.code for each in fields})
    if levels and taken:
        faults["levels"] = say(
            "A question has the code %(code)s, which levels know the request's own figure by: give it another.",
            code=repr(taken[0]),
        )
    if faults:
        raise ApprovalFaultyError(faults)
    return ApprovalPlan(tuple(levels))


def read_level(data: Mapping[str, Any]) -> Level:
    """A level that was read before and chosen, its condition left out. Raises ApprovalFaultyError."""
    faults: Faults = {}
    level = _level({name: part for name, part in data.items() if name != "when"}, "", {}, {}, faults)
    if faults:
        raise ApprovalFaultyError(faults)
    return level


def missing_approval_words(data: Any) -> Faults:
    """What must still be said in Welsh before the plan is published, by path. The plan was read before."""
    return {
        f"levels.{place}.name.cy": say("Say this in Welsh.")
        for place, each in enumerate((data or {}).get("levels", ()))
        if not str(each["name"].get("cy", "")).strip()
    }


def _level(
    data: Mapping[str, Any],
    path: str,
    types: Mapping[str, str],
    options: Mapping[str, set[str]],
    faults: Faults,
) -> Level:
    for name in sorted(map(str, set(data) - _KNOWN)):
        faults[f"{path}.{name}"] = say(
            "There is no such part. Known: %(known)s.", known=", ".join(sorted(_KNOWN))
        )
    rule = data.get("rule", "any")
    if rule not in RULES:
        faults[f"{path}.rule"] = say("Use one of %(known)s.", known=", ".join(RULES))
        rule = "any"
    when = data.get("when")
    if when is not None:
        when = read_condition(when, types, options, f"{path}.when", faults)
    escalate_after = read_seconds(data.get("escalate_after"), f"{path}.escalate_after", faults)
    escalate_to = _approvers(data.get("escalate_to", []), f"{path}.escalate_to", faults)
    if data.get("escalate_after") and not data.get("escalate_to"):
        faults[f"{path}.escalate_to"] = say("Say to whom it is escalated.")
    if data.get("escalate_to") and not data.get("escalate_after"):
        faults[f"{path}.escalate_after"] = say("Say after how long it is escalated.")
    by = _approvers(data.get("by", []), f"{path}.by", faults)
    if not data.get("by"):
        faults[f"{path}.by"] = say("Say who approves.")
    return Level(
        code=_code(data.get("code"), f"{path}.code", faults),
        name=_name(data.get("name"), path, faults),
        by=by,
        rule=rule,
        quorum=_quorum(data, rule, path, faults),
        when=when,
        skips_qualified=_flag(data.get("skip_if_qualified", False), f"{path}.skip_if_qualified", faults),
        remind_after=read_seconds(data.get("remind_after"), f"{path}.remind_after", faults),
        escalate_after=escalate_after,
        escalate_to=escalate_to,
        notation=data,
    )


def _code(given: Any, path: str, faults: Faults) -> str:
    if isinstance(given, str) and _CODE.fullmatch(given) and len(given) <= _LONGEST_CODE:
        return given
    faults[path] = say(
        "Use small letters, digits and hyphens, %(longest)s characters at most.", longest=_LONGEST_CODE
    )
    return ""


def _name(given: Any, path: str, faults: Faults) -> Mapping[str, str]:
    if not isinstance(given, Mapping) or set(given) - set(_LANGUAGES):
        faults[f"{path}.name"] = say('Say it as {"en": "...", "cy": "..."}.')
        return {}
    for language, text in given.items():
        if not is_text(text):
            faults[f"{path}.name.{language}"] = say("This is text.")
        elif len(text) > _LONGEST_NAME:
            faults[f"{path}.name.{language}"] = say(
                "Use %(longest)s characters at most.", longest=_LONGEST_NAME
            )
    if not str(given.get("en", "")).strip():
        faults.setdefault(f"{path}.name.en", say("Give it a name in English."))
    return given


def _approvers(given: Any, path: str, faults: Faults) -> tuple[ApproverName, ...]:
    if not isinstance(given, list) or len(given) > APPROVERS_MAX:
        faults[path] = say("Use a list of %(most)s approvers at most.", most=APPROVERS_MAX)
        return ()
    found: dict[ApproverName, None] = {}
    for place, each in enumerate(given):
        reason = _not_an_approver(each)
        if reason:
            faults[f"{path}.{place}"] = reason
            continue
        ((sort, name),) = each.items()
        found[ApproverName(sort, "" if sort == "manager" else str(name).strip().lower())] = None
    return tuple(found)


def _not_an_approver(given: Any) -> str:
    if not isinstance(given, Mapping) or len(given) != 1 or next(iter(given)) not in APPROVERS:
        return say('Say {"manager": true}, {"role": code}, {"group": code} or {"person": e-mail}.')
    ((sort, name),) = given.items()
    if sort == "manager":
        return "" if name is True else say("Use true; leave it out for the contrary.")
    if not isinstance(name, str) or not is_text(name):
        return say("This is text.")
    if sort == "person":
        return "" if _EMAIL.fullmatch(name.strip()) else say("Use an e-mail address.")
    return "" if name.strip() else say("Use the code.")


def _quorum(data: Mapping[str, Any], rule: str, path: str, faults: Faults) -> int:
    given = data.get("quorum")
    if rule != "quorum":
        if given is not None:
            faults[f"{path}.quorum"] = say("Only the rule 'quorum' counts.")
        return 0
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= QUORUM_MAX:
        faults[f"{path}.quorum"] = say("Use a whole number from 1 to %(most)s.", most=QUORUM_MAX)
        return 1
    return given


def _flag(given: Any, path: str, faults: Faults) -> bool:
    if not isinstance(given, bool):
        faults[path] = say("Use true or false.")
        return False
    return given


def approvers_named(levels: Sequence[Level]) -> list[tuple[str, ApproverName]]:
    """Everybody that levels name, by the path in which they do."""
    return [
        (f"levels.{place}.{part}.{count}", name)
        for place, level in enumerate(levels)
        for part, names in (("by", level.by), ("escalate_to", level.escalate_to))
        for count, name in enumerate(names)
    ]
