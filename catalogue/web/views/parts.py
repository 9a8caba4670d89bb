"""Moving and removing parts of a draft: pages, questions, levels, tasks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from catalogue.engine.forms.editing import (
    find_page,
    find_question,
    move_page,
    move_question,
    without_page,
    without_question,
)
from catalogue.engine.plan_editing import (
    LEVELS,
    TASKS,
    find_in,
    move_in,
    without_level,
    without_task,
)
from catalogue.policy import DEFINE_OFFERINGS
from catalogue.queries.offerings import get_offering
from catalogue.services.offerings import change_draft
from catalogue.web.forms.offerings import StepOfOfferingForm
from catalogue.web.views.drafting import Edit, crumbs_of, edit
from catalogue.web.views.paths import where
from catalogue.web.views.removing import consequences
from doors.web.views import actor_of, page_for
from lifecycle.public import NotFoundError, RuleError, StaleVersionError


@dataclass(frozen=True, slots=True)
class _Sort:
    """What can be done with parts of a sort: in which part of the design they stand, and on which page."""

    head: str
    page: str
    find: Callable[[Any, str], Any]
    move: Callable[[Any, str, int], Any]
    without: Callable[[Any, str], Any]


_SORTS = {
    "page": _Sort("form", "offering_form", find_page, move_page, without_page),
    "question": _Sort(
        "form",
        "offering_form",
        lambda form, code: (find_question(form, code) or (None, None))[1],
        move_question,
        without_question,
    ),
    "level": _Sort(
        "approval",
        "offering_approval",
        lambda plan, code: find_in(plan, LEVELS, code),
        lambda plan, code, step: move_in(plan, LEVELS, code, step),
        without_level,
    ),
    "task": _Sort(
        "plan",
        "offering_plan",
        lambda plan, code: find_in(plan, TASKS, code),
        lambda plan, code, step: move_in(plan, TASKS, code, step),
        without_task,
    ),
}
_STEPS = {"up": -1, "down": 1}


@require_POST
@page_for(DEFINE_OFFERINGS)
def move_part(request: HttpRequest, code: str, sort: str, name: str) -> HttpResponse:
    """Move a part one place up or down (`to`): 422 tells what stands against it, 409 that the draft changed."""
    row, known, part = _found(code, sort, name)
    step = _STEPS.get(request.POST.get("to", ""), 0)
    moved = known.move(row.design.get(known.head), name, step)
    seen = request.POST.get("seen", "")
    address = reverse(f"catalogue:{known.page}", args=[code])
    try:
        change_draft(
            offering=row,
            changes={known.head: moved},
            actor=actor_of(request),
            seen_version=int(seen) if seen.isdecimal() and len(seen) < 9 else 0,
        )
    except StaleVersionError as error:
        context = {"message": error.message, "lines": [], "back_url": address, "offering": row}
        context |= {"crumbs": crumbs_of(row, (_said(part), ""))}
        return render(request, "catalogue/offerings/refused.html", context, status=409)
    except RuleError as error:
        row.design = row.design | {known.head: moved}
        lines = [f"{where(path, row).words}: {reason}" for path, reason in error.fields.items()]
        context = {
            "message": gettext("“%(name)s” cannot stand there") % {"name": _said(part)},
            "lines": lines,
            "back_url": address,
            "offering": row,
            "crumbs": crumbs_of(row, (_said(part), "")),
        }
        return render(request, "catalogue/offerings/refused.html", context, status=422)
    messages.success(request, gettext("“%(name)s” was moved.") % {"name": _said(part)})
    return HttpResponseRedirect(f"{address}#{sort}-{name}")


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE_OFFERINGS)
def remove_part(request: HttpRequest, code: str, sort: str, name: str) -> HttpResponse:
    """Ask whether a part is to go, with what depends on it, and take it out: 422 while something looks at it."""
    row, known, part = _found(code, sort, name)
    address = reverse(f"catalogue:{known.page}", args=[code])
    heads = {"form": gettext("The form"), "approval": gettext("Approval"), "plan": gettext("The plan")}
    crumbs = crumbs_of(row, (heads[known.head], address), (gettext("Remove"), ""))
    before = row.design.get(known.head)
    follows = consequences(row, sort, name)
    if follows.is_barred:
        is_sent = request.method == "POST"
        context = {
            "title": gettext("“%(name)s” cannot be removed yet") % {"name": _said(part)},
            "follows": follows,
            "is_page": sort == "page",
            "is_sent": is_sent,
            "back_url": address,
            "offering": row,
            "crumbs": crumbs,
        }
        status = 422 if is_sent else 200
        return render(request, "catalogue/offerings/in_the_way.html", context, status=status)
    return edit(
        request,
        row,
        Edit(
            title=gettext("Remove “%(name)s”?") % {"name": _said(part)},
            button=gettext("Remove"),
            crumbs=crumbs,
            form=lambda typed: StepOfOfferingForm(typed, initial={"seen": row.draft_version}),
            changes=lambda _form: {known.head: known.without(before, name)},
            path="-",
            saved=gettext("“%(name)s” was removed from the draft.") % {"name": _said(part)},
            done=address,
            template="catalogue/offerings/remove.html",
            context={
                "note": gettext("It goes from the draft only. What is published stays as it is."),
                "follows": follows,
            },
        ),
    )


def _found(code: str, sort: str, name: str) -> tuple[Any, _Sort, Any]:
    row = get_offering(code)
    known = _SORTS.get(sort)
    part = known.find(row.design.get(known.head), name) if known else None
    if known is None or part is None:
        raise NotFoundError(gettext("The draft has no such part."))
    return row, known, part


def _said(part: Any) -> str:
    words = part.get("title") or part.get("label") or part.get("name") or {}
    return str(words.get("en") or part["code"])
