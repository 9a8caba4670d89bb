"""The builders of plans: who approves, level by level, and what is done, task by task."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from calendars.public import calendar_lines
from catalogue.engine.automations import automations
from catalogue.engine.forms.editing import questions_in
from catalogue.engine.plan_editing import LEVELS, TASKS, find_in, parts_in, with_in
from catalogue.policy import DEFINE_OFFERINGS
from catalogue.queries.offerings import get_offering
from catalogue.web.forms.plans import LevelForm, TaskForm
from catalogue.web.views.designs import shown_design
from catalogue.web.views.drafting import Edit, crumbs_of, edit, name_of
from catalogue.web.views.levels import level_lines
from catalogue.web.views.planned import picture_of, task_lines
from doors.web.views import page_for
from lifecycle.public import NotFoundError, RuleError
from people.public import active_groups, directory

_EDITED = ["GET", "HEAD", "POST"]


@require_safe
@page_for(DEFINE_OFFERINGS)
def offering_approval(request: HttpRequest, code: str) -> HttpResponse:
    """Who approves, level by level."""
    row = get_offering(code)
    levels = level_lines(parts_in(row.design.get("approval"), LEVELS), row.design.get("form"))
    context = {
        "offering": row,
        "name": name_of(row),
        "levels": levels,
        "crumbs": crumbs_of(row, (gettext("Approval"), "")),
    }
    return render(request, "catalogue/offerings/approval.html", context)


@require_http_methods(_EDITED)
@page_for(DEFINE_OFFERINGS)
def approval_level(request: HttpRequest, code: str, level: str = "") -> HttpResponse:
    """One level; a new one without its code."""
    row = get_offering(code)
    plan = row.design.get("approval")
    there = find_in(plan, LEVELS, level)
    if level and there is None:
        raise NotFoundError(gettext("There is no such level."))
    approvers = {
        "role": [(each.code, gettext(each.name)) for each in directory().roles.values()],
        "group": [(each.code, each.name) for each in active_groups()],
    }
    title = _title(there, gettext("Add a level of approval"), gettext("Level “%(name)s”"))
    compared = {
        f"when.{where}{test}": "when_number" for where in ("", "all.1.") for test in ("at_least", "at_most")
    }
    return _edit_part(
        request,
        row,
        there,
        head="approval",
        sort=LEVELS,
        title=title,
        list_title=gettext("Approval"),
        list_name="offering_approval",
        form=lambda typed: LevelForm(
            typed,
            initial={"seen": row.draft_version},
            level=there,
            questions=_questions(row),
            approvers=approvers,
        ),
        names=compared | {"when.all.0": "cost_from", "when.at_least": "cost_from"},
    )


@require_safe
@page_for(DEFINE_OFFERINGS)
def offering_plan(request: HttpRequest, code: str) -> HttpResponse:
    """What is done, task by task, each with what it waits for: of the draft, or of a `?version=`."""
    shown = shown_design(request, code)
    lines = task_lines(parts_in(shown.design.get("plan"), TASKS), shown.design.get("form"))
    context = {
        "offering": shown.offering,
        "version": shown.version,
        "name": shown.name,
        "tasks": lines,
        "picture": picture_of(lines),
        "crumbs": shown.crumbs(gettext("The plan")),
    }
    return render(request, "catalogue/offerings/plan.html", context)


@require_http_methods(_EDITED)
@page_for(DEFINE_OFFERINGS)
def plan_task(request: HttpRequest, code: str, task: str = "") -> HttpResponse:
    """One task; a new one without its code."""
    row = get_offering(code)
    plan = row.design.get("plan")
    there = find_in(plan, TASKS, task)
    if task and there is None:
        raise NotFoundError(gettext("There is no such task."))
    others = [
        (each["code"], each["name"].get("en", each["code"]))
        for each in parts_in(plan, TASKS)
        if each["code"] != task
    ]
    offered = automations()
    return _edit_part(
        request,
        row,
        there,
        head="plan",
        sort=TASKS,
        title=_title(there, gettext("Add a task"), gettext("Task “%(name)s”")),
        list_title=gettext("The plan"),
        list_name="offering_plan",
        form=lambda typed: TaskForm(
            typed,
            initial={"seen": row.draft_version},
            task=there,
            others=others,
            questions=_questions(row),
            groups=[(each.code, each.name) for each in active_groups()],
            calendars=[(line.calendar.code, line.calendar.name) for line in calendar_lines().values()],
            automations=offered,
        ),
        names={f"when.{test}": "when_number" for test in ("at_least", "at_most")},
    )


def _edit_part(
    request: HttpRequest,
    row: Any,
    there: Any,
    *,
    head: str,
    sort: str,
    title: str,
    list_title: str,
    list_name: str,
    form: Any,
    names: Mapping[str, str],
) -> HttpResponse:
    plan = row.design.get(head)
    codes = [each["code"] for each in parts_in(plan, sort)]
    place = f"{head}.{sort}.{codes.index(there['code']) if there else len(codes)}"
    address = reverse(f"catalogue:{list_name}", args=[row.code])

    def changes(filled: Any) -> Mapping[str, Any]:
        part = filled.part(codes)
        if there is None and part["code"] in codes:
            raise RuleError(
                gettext("It cannot be added like this."),
                fields={f"{place}.code": gettext("Another one has this code.")},
            )
        return {head: with_in(plan, sort, part)}

    return edit(
        request,
        row,
        Edit(
            title=title,
            button=gettext("Save"),
            crumbs=crumbs_of(row, (list_title, address), (title, "")),
            form=form,
            changes=changes,
            path=place,
            names=names,
            saved=gettext("It was saved in the draft."),
            done=address,
        ),
    )


def _title(there: Any, new: str, known: str) -> str:
    return known % {"name": there["name"].get("en", there["code"])} if there else new


def _questions(row: Any) -> list[Any]:
    return [question for _page, question in questions_in(row.design.get("form"))]
