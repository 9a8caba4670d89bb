"""Components, and how services are fulfilled."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from calendars.public import find_calendar
from catalogue.public import PlanTask, create_component, find_component, service_in_any_stage, set_plan
from doors.engine.keyset import Order
from doors.web.views import actor_of, add_errors, cursor_links, page_at, page_for
from lifecycle.public import RuleError
from people.public import providers
from sla.queries.register import (
    all_components,
    component_choices,
    component_lines,
    plan_of,
)
from sla.web.forms.register import HOUR, ComponentForm, PlanForm, place
from sla.web.views.held import held_form, typed
from suppliers.public import calendars_to_choose, get_contract, visible_contracts

DEFINE = "service:define"
LIMIT = 25
BY_NAME = Order("name", is_descending=False)


@require_GET
@page_for(DEFINE)
def components(request: HttpRequest) -> HttpResponse:
    """Every component, with its contract and the services that it is part of."""
    page = page_at(request, all_components(), BY_NAME, limit=LIMIT)
    context = {"rows": component_lines(page.rows), "crumbs": _crumbs(gettext("Components"))}
    return render(request, "sla/components.html", context | cursor_links(request, page))


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def component_new(request: HttpRequest) -> HttpResponse:
    """Write down a component."""
    actor = actor_of(request)
    owners = {row.code: row for row in providers()}
    contracts = [
        (row.code, f"{row.name} ({row.provider.name})")
        for row in visible_contracts(actor).order_by("name", "id")
    ]
    form = ComponentForm(
        typed(request), providers=[(row.code, row.name) for row in owners.values()], contracts=contracts
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                made = create_component(
                    code=data["code"],
                    name=data["name"],
                    provider=owners[data["provider"]],
                    contract=get_contract(actor, data["contract"]) if data["contract"] else None,
                    actor=actor,
                )
            except RuleError as error:
                add_errors(form, error)
            else:
                messages.success(request, gettext("%(name)s was written down.") % {"name": made.name})
                return HttpResponseRedirect(reverse("sla:components"))
    title = gettext("New component")
    context = {"form": form, "title": title, "crumbs": _crumbs(title, is_below=True)}
    return render(request, "sla/component_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """Say how a service is fulfilled from now on."""
    row, now = service_in_any_stage(code), timezone.now()
    form = PlanForm(
        typed(request),
        initial=_as_typed(row, now),
        calendars=[(each.code, each.name) for each in calendars_to_choose()],
        components=component_choices(),
    )

    def act(reason: str) -> None:
        set_plan(
            service=row,
            tasks=_tasks(form.cleaned_data["lines"]),
            effective_from=now,
            actor=actor_of(request),
            at=now,
            accepted_because=reason,
        )

    def names() -> dict[str, str]:
        return {
            f"tasks[{index}].{theirs}": place(number, ours)
            for index, number in enumerate(form.cleaned_data["lines"])
            for theirs, ours in (("code", "name"), ("seconds", "hours"), ("after", "after"))
        }

    words = {
        "title": gettext("How %(name)s is fulfilled") % {"name": row.name},
        "button_text": gettext("Plan it so from now on"),
        "done": gettext("The plan was saved."),
    }
    return held_form(request, row, form, act, words, template="sla/plan_form.html", names=names)


def _tasks(lines: dict[int, dict[str, Any]]) -> list[PlanTask]:
    """The tasks that lines say, each with a code made of its name."""
    codes: dict[int, str] = {}
    for number, line in lines.items():
        code = slugify(line["name"])[:50] or f"task-{number}"
        codes[number] = code if code not in codes.values() else f"{code}-{number}"
    return [
        PlanTask(
            code=codes[number],
            name=line["name"],
            seconds=None if line["hours"] is None else round(line["hours"] * HOUR),
            calendar=find_calendar(line["calendar"]) if line["calendar"] else None,
            component=find_component(line["component"]) if line["component"] else None,
            after=tuple(codes[other] for other in line["after"]),
        )
        for number, line in lines.items()
    ]


def _as_typed(row: Any, now: Any) -> dict[str, Any]:
    """The plan in force as the form's lines."""
    tasks = plan_of(row, now)
    numbers = {task.code: number for number, task in enumerate(tasks, 1)}
    found: dict[str, Any] = {}
    for number, task in enumerate(tasks, 1):
        hours = None if task.seconds is None else f"{task.seconds / HOUR:g}"
        found |= {
            place(number, "name"): task.name,
            place(number, "hours"): hours,
            place(number, "calendar"): task.calendar.code if task.calendar else "",
            place(number, "component"): task.component.code if task.component else "",
            place(number, "after"): ", ".join(str(numbers[code]) for code in task.after),
        }
    return found


def _crumbs(title: str, *, is_below: bool = False) -> list[tuple[str, str]]:
    between = [(gettext("Components"), reverse("sla:components"))] if is_below else []
    return [(gettext("Services"), reverse("sla:services")), *between, (title, "")]
