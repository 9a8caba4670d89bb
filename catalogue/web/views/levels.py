"""The levels of an approval plan as people read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from catalogue.engine.forms.editing import questions_in
from catalogue.engine.forms.offered import condition_words
from catalogue.engine.plans import seconds_of
from catalogue.web.forms.plans import RULES
from people.public import directory

Level = Mapping[str, Any]
# Approvers who are one person: no rule is needed to tell how many of them decide.
_ONE_PERSON = ("manager", "person")


@dataclass(frozen=True, slots=True)
class LevelLine:
    """A level in words; times in seconds, None for never."""

    code: str
    name: str
    name_cy: str
    by: str
    rule: str
    when: str
    skips: bool
    remind_after: int | None
    escalate_after: int | None
    escalate_to: str


def level_lines(levels: Sequence[Level], form: Any) -> list[LevelLine]:
    """The levels of a plan's notation, whose conditions look at the answers to this form (as notation)."""
    asked = own_facts() + [question for _page, question in questions_in(form)]
    names = _approver_names()
    return [
        LevelLine(
            code=level["code"],
            name=level["name"].get("en", level["code"]),
            name_cy=level["name"].get("cy", ""),
            by=", ".join(_approver(each, names) for each in level["by"]),
            rule=_rule(level),
            when=condition_words(level.get("when"), asked),
            skips=level.get("skip_if_qualified", False),
            remind_after=seconds_of(level.get("remind_after")),
            escalate_after=seconds_of(level.get("escalate_after")),
            escalate_to=", ".join(_approver(each, names) for each in level.get("escalate_to", [])),
        )
        for level in levels
    ]


def own_facts() -> list[Any]:
    """What levels know beside the answers, as questions."""
    return [
        {"code": "cost", "type": "money", "label": {"en": gettext("cost")}},
        {"code": "quantity", "type": "number", "label": {"en": gettext("quantity")}},
    ]


def _rule(level: Mapping[str, Any]) -> str:
    if len(level["by"]) == 1 and next(iter(level["by"][0])) in _ONE_PERSON:
        return ""
    if level.get("rule") == "quorum":
        return gettext("%(count)s of them") % {"count": level["quorum"]}
    return str(dict(RULES)[level.get("rule", "any")])


def _approver_names() -> dict[str, dict[str, str]]:
    known = directory()
    return {
        "role": {each.code: gettext(each.name) for each in known.roles.values()},
        "group": {each.code: each.name for each in known.groups.values()},
    }


def _approver(approver: Mapping[str, Any], names: Mapping[str, Mapping[str, str]]) -> str:
    ((sort, name),) = approver.items()
    return gettext("the manager") if sort == "manager" else names.get(sort, {}).get(name, str(name))
