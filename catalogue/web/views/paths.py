"""Paths of a design in words, each with the page that mends what is wrong there."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a design: in words, and the address of the page that changes it."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where, and the page that mends it."""

    where: str
    reason: str
    url: str


def faults_in_words(faults: dict[str, str], row: Any) -> list[Fault]:
    """All that is wrong with a draft, in the order in which it was found."""
    found = []
    for path, reason in faults.items():
        place = where(path, row)
        found.append(Fault(place.words, reason, place.url))
    return found


def where(path: str, row: Any) -> Where:
    """The place that a path names, as exactly as there is a page for it."""
    parts = path.split(".")
    head, rest = parts[0], parts[1:]
    if head == "form":
        return _in_form(rest, row)
    if head in _LISTS:
        return _in_list(head, rest, row)
    words = _words().get(head)
    name = "offering_place" if head in _PLACE else "offering_terms" if head in _TERMS else "offering_words"
    if words is None:
        return Where(gettext("The offering"), reverse("catalogue:offering_notation", args=[row.code]))
    return Where(words, reverse(f"catalogue:{name}", args=[row.code]))


_PLACE = ("service", "category", "organisations", "roles", "support_groups")
_TERMS = ("price", "period", "max_quantity", "for_others")
_LISTS = {
    "approval": ("levels", "approval_level", "offering_approval"),
    "plan": ("tasks", "plan_task", "offering_plan"),
}


def _in_form(rest: list[str], row: Any) -> Where:
    pages = row.design.get("form", {}).get("pages", [])
    page = _at(pages, rest[1:2])
    if page is None:
        return Where(gettext("The form"), reverse("catalogue:offering_form", args=[row.code]))
    asked = _at(page.get("fields", []), rest[3:4]) if rest[2:3] == ["fields"] else None
    if asked is None:
        words = gettext("Page “%(name)s”") % {"name": _said(page.get("title"), page)}
        return Where(words, reverse("catalogue:form_page", args=[row.code, page["code"]]))
    words = gettext("Question “%(name)s”") % {"name": _said(asked.get("label"), asked)}
    return Where(words, reverse("catalogue:form_question", args=[row.code, asked["code"]]))


def _in_list(head: str, rest: list[str], row: Any) -> Where:
    sort, one, all_of_them = _LISTS[head]
    part = _at(row.design.get(head, {}).get(sort, []), rest[1:2])
    if part is None:
        words = gettext("Approval") if head == "approval" else gettext("The plan")
        return Where(words, reverse(f"catalogue:{all_of_them}", args=[row.code]))
    words = gettext("Level “%(name)s”") if head == "approval" else gettext("Task “%(name)s”")
    address = reverse(f"catalogue:{one}", args=[row.code, part["code"]])
    return Where(words % {"name": _said(part.get("name"), part)}, address)


def _at(parts: Any, place: list[str]) -> Any:
    return parts[int(place[0])] if place and place[0].isdecimal() and int(place[0]) < len(parts) else None


def _said(words: Any, part: Any) -> str:
    return str((words or {}).get("en") or part.get("code"))


def _words() -> dict[str, str]:
    return {
        "name": gettext("Name"),
        "summary": gettext("Summary"),
        "description": gettext("Description"),
        "keywords": gettext("Other words that people search for"),
        "price": gettext("Price"),
        "period": gettext("Paid"),
        "max_quantity": gettext("How many at once, at most"),
        "for_others": gettext("For somebody else"),
        "service": gettext("Service"),
        "category": gettext("Shelf of the catalogue"),
        "organisations": gettext("Organisations that may have it"),
        "roles": gettext("Roles that may have it"),
        "support_groups": gettext("Support groups that may have it"),
    }
