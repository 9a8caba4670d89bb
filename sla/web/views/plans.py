"""How a service is fulfilled: its plan, task by task."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from calendars.public import find_calendar
from catalogue.public import PlanTask, get_component, service_in_any_stage, set_plan
from doors.web.views import actor_of, page_for
from sla.queries.register import component_choices, plan_views
from sla.web.forms.plans import MOST_TASKS, PlanForm, plan_initial
from sla.web.views.holding import Holding, hold, typed
from sla.web.views.promises import DEFINE, way_to
from suppliers.public import calendars_to_choose

# Empty rows below the tasks that there are.
SPARE = 2


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def change_plan(request: HttpRequest, code: str) -> HttpResponse:
    """A plan from a day on, in place of the one before; plans are never edited."""
    row, now = service_in_any_stage(code), timezone.now()
    plans = plan_views(row, now)
    tasks = plans[0].tasks if plans else ()
    is_more = request.method == "POST" and request.POST.get("step") == "more"
    rows = len(tasks) + SPARE if request.method != "POST" else _rows(request) + is_more
    choices: dict[str, Any] = {
        "calendars": [(each.code, each.name) for each in calendars_to_choose()],
        "components": component_choices(),
    }
    if is_more:
        form = PlanForm(rows=rows, initial=_as_typed(request), **choices)
    else:
        form = PlanForm(
            typed(request), rows=rows, initial=plan_initial(tasks) | {"seen": len(plans)}, **choices
        )

    def act(reason: str) -> None:
        set_plan(
            service=row,
            tasks=[
                PlanTask(
                    task.code,
                    task.name,
                    task.seconds,
                    find_calendar(task.calendar) if task.calendar else None,
                    get_component(task.component) if task.component else None,
                    task.after,
                )
                for task in form.typed_tasks()
            ],
            effective_from=form.instant(now),
            actor=actor_of(request),
            at=now,
            accepted_because=reason,
            seen_version=len(plans) if form.cleaned_data["seen"] is None else form.cleaned_data["seen"],
        )

    holding = Holding(
        title=gettext("Fulfilment plan of %(name)s") % {"name": row.name},
        button_text=gettext("Save the plan"),
        done=gettext("The plan was saved."),
        form=form,
        act=act,
        place=form.place_of,
        version=lambda: len(plan_views(row, now)),
        now=lambda: [f"{task.number}. {task.name}" for task in plan_views(row, now)[0].tasks],
        template="sla/plan_form.html",
        context={"may_have_more": rows < MOST_TASKS},
        **way_to(row, gettext("Fulfilment plan")),
    )
    if is_more:
        shown = {
            name: getattr(holding, name)
            for name in ("form", "title", "button_text", "back_url", "back_text", "crumbs")
        }
        return render(request, holding.template, shown | dict(holding.context))
    return hold(request, holding)


def _rows(request: HttpRequest) -> int:
    """How many rows were sent."""
    numbers = [
        int(number)
        for name, _, number in (key.rpartition("_") for key in request.POST)
        if name == "name" and number.isascii() and number.isdigit() and len(number) < 4
    ]
    return min(max(numbers, default=1), MOST_TASKS)


def _as_typed(request: HttpRequest) -> dict[str, Any]:
    """The form as it was sent, to be shown with another row."""
    sent: dict[str, Any] = {name: request.POST.get(name, "") for name in request.POST}
    parts = ("day", "month", "year")
    return sent | {"effective_from": {part: sent.get(f"effective_from_{part}", "") for part in parts}}
