"""What the page that removes a part tells first: what stands in the way, what changes with it, what goes with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from catalogue.engine.dependents import dependents, waiting
from catalogue.engine.forms.editing import find_page, find_question, questions_in
from catalogue.engine.forms.offered import condition_words
from catalogue.engine.plan_editing import TASKS, parts_in
from catalogue.web.views.levels import own_facts
from catalogue.web.views.paths import where


@dataclass(frozen=True, slots=True)
class Line:
    """A part that depends on the one that is to go: what it is, what it says, and the page that changes it."""

    where: str
    says: str
    url: str


@dataclass(frozen=True, slots=True)
class Consequences:
    """`in_the_way` must be changed first; `changed` changes by itself; `goes_too` are names of what goes with it.

    `alone_on` is the page that would ask nothing any more, with the address that removes it; None for none.
    """

    in_the_way: Sequence[Line]
    alone_on: Line | None
    changed: Sequence[Line]
    goes_too: Sequence[str]

    @property
    def is_barred(self) -> bool:
        """Whether something must be done before it can go."""
        return bool(self.in_the_way or self.alone_on)


def consequences(row: Any, sort: str, code: str) -> Consequences:
    """What it means for a draft that a part of it goes."""
    page = find_page(row.design.get("form"), code) if sort == "page" else None
    return Consequences(
        in_the_way=_in_the_way(row, sort, code),
        alone_on=_alone_on(row, code) if sort == "question" else None,
        changed=_changed(row, code) if sort == "task" else (),
        goes_too=[str(each["label"].get("en", each["code"])) for each in page["fields"]] if page else (),
    )


def _alone_on(row: Any, code: str) -> Line | None:
    found = find_question(row.design.get("form"), code)
    if found is None or len(found[0]["fields"]) > 1:
        return None
    page = found[0]
    name = page["title"].get("en", page["code"])
    address = reverse("catalogue:remove_part", args=[row.code, "page", page["code"]])
    return Line(
        where=gettext("Remove the page “%(name)s”") % {"name": name},
        says=gettext(
            "It is the only question of its page. Add another one to the page first, or remove the page."
        ),
        url=address,
    )


def _in_the_way(row: Any, sort: str, code: str) -> list[Line]:
    asked = own_facts() + [question for _page, question in questions_in(row.design.get("form"))]
    says = {
        "page": gettext("Shown when %(when)s"),
        "question": gettext("Asked when %(when)s"),
        "level": gettext("Asked when %(when)s"),
        "task": gettext("Done when %(when)s"),
    }
    lines = []
    for each in dependents(row.design, sort, code):
        place = where(each.path, row)
        words = says[each.sort] % {"when": condition_words(each.when, asked)}
        lines.append(Line(place.words, words, place.url))
    return lines


def _changed(row: Any, code: str) -> list[Line]:
    tasks = parts_in(row.design.get("plan"), TASKS)
    named = {task["code"]: str(task["name"].get("en", task["code"])) for task in tasks}
    lines = []
    for each in waiting(row.design, code):
        place = where(each.path, row)
        names = ", ".join(named[before] for before in each.then)
        words = gettext("Waits for: %(names)s") % {"names": names} if names else gettext("Begins at once")
        lines.append(Line(place.words, words, place.url))
    return lines
