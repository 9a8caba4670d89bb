"""What must be there before a service goes live or a supplier begins: a tenant's checklist, read and judged.

    {"service": [check, ...], "supplier": [check, ...], "early_life_days": 30}

A check is {"code", "title": {"en", "cy"}, "computed": name} for what the platform knows by itself, or {"code", "title",
"role": code} for what is shown by evidence and signed off by somebody with that role.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenancy.engine.words import say

ABOUT = ("service", "supplier")
CHECKS_MAX = 40
EARLY_LIFE_MAX = 366
COMPUTED = {
    "service": ("support_group", "contracts", "definition", "hours", "owner"),
    "supplier": ("contract", "groups", "mailboxes"),
}
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be there. `computed` names what the platform knows; else `role` signs it off."""

    code: str
    title: Mapping[str, str]
    computed: str
    role: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """What is asked of services and of suppliers, and for how long a new service has early-life support."""

    service: tuple[Check, ...]
    supplier: tuple[Check, ...]
    early_life_days: int

    def of(self, about: str) -> tuple[Check, ...]:
        """The checks of one sort."""
        return self.service if about == "service" else self.supplier


class ChecklistFaultyError(ValueError):
    """A checklist that cannot be: `faults` tells each, by path."""

    code = "checklist_faulty"

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {reason}" for path, reason in faults.items()))
        self.faults = dict(faults)


def read_checklist(data: Any, *, roles: Sequence[str]) -> Checklist:
    """A checklist from its notation; `roles` are those that there are. Raises ChecklistFaultyError, all by path."""
    faults: dict[str, str] = {}
    if not isinstance(data, Mapping) or set(data) - {*ABOUT, "early_life_days"}:
        raise ChecklistFaultyError(
            {"": say("A checklist has the parts service, supplier and early_life_days.")}
        )
    days = data.get("early_life_days", 0)
    if not isinstance(days, int) or isinstance(days, bool) or not 0 <= days <= EARLY_LIFE_MAX:
        faults["early_life_days"] = say("Use a number from 0 to %(most)s.", most=EARLY_LIFE_MAX)
        days = 0
    parts = {about: _checks(data.get(about, []), about, roles, faults) for about in ABOUT}
    if faults:
        raise ChecklistFaultyError(faults)
    return Checklist(parts["service"], parts["supplier"], days)


def _checks(given: Any, about: str, roles: Sequence[str], faults: dict[str, str]) -> tuple[Check, ...]:
    if not isinstance(given, list) or len(given) > CHECKS_MAX:
        faults[about] = say("Use a list of %(most)s checks at most.", most=CHECKS_MAX)
        return ()
    found: list[Check] = []
    for place, each in enumerate(given):
        path = f"{about}.{place}"
        if not isinstance(each, Mapping):
            faults[path] = say("A check is an object.")
            continue
        found.append(_check(each, about, path, roles, faults))
        if [check.code for check in found].count(found[-1].code) > 1:
            faults[f"{path}.code"] = say(
                "There is another check with the code %(code)s.", code=repr(found[-1].code)
            )
    return tuple(found)


def _check(
    data: Mapping[str, Any], about: str, path: str, roles: Sequence[str], faults: dict[str, str]
) -> Check:
    code, title = str(data.get("code", "")), data.get("title")
    computed, role = str(data.get("computed", "")), str(data.get("role", ""))
    if not _CODE.fullmatch(code) or len(code) > 60:
        faults[f"{path}.code"] = say("Use small letters, digits and single hyphens.")
    if not isinstance(title, Mapping) or not str(title.get("en", "")).strip():
        faults[f"{path}.title.en"] = say("Give it a name in English.")
        title = {}
    if bool(computed) == bool(role):
        faults[path] = say("Name what the platform computes, or the role that signs it off: one of the two.")
    elif computed and computed not in COMPUTED[about]:
        faults[f"{path}.computed"] = say("Use one of %(known)s.", known=", ".join(COMPUTED[about]))
    elif role and role not in roles:
        faults[f"{path}.role"] = say("There is no role with the code %(code)s.", code=repr(role))
    return Check(code, {name: str(text) for name, text in title.items()}, computed, role)


def score(states: Sequence[bool]) -> int:
    """How many per cent of the checks are met, rounded down; 100 where nothing is asked."""
    return 100 * sum(states) // len(states) if states else 100


def checklist_text(checklist: Mapping[str, Any], about: str) -> str:
    """The checks of one sort as people type them: one to a line, its parts between bars."""
    return "\n".join(
        " | ".join(
            (
                each["code"],
                each["title"].get("en", ""),
                each["title"].get("cy", ""),
                f"={each['computed']}" if each.get("computed") else each.get("role", ""),
            )
        )
        for each in checklist.get(about, [])
    )


def text_checks(text: str) -> list[dict[str, Any]]:
    """The notation of checks from their lines, faults and all: `read_checklist` finds them."""
    found = []
    for line in filter(str.strip, text.splitlines()):
        code, title, title_cy, by = (*(part.strip() for part in line.split("|")), "", "", "", "")[:4]
        check: dict[str, Any] = {"code": code, "title": {"en": title, "cy": title_cy}}
        found.append(check | ({"computed": by[1:]} if by.startswith("=") else {"role": by}))
    return found
