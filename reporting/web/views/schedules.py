"""Schedules: the list, a new one, switching one on or off, and deleting one once that was asked."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doors.engine.keyset import Order
from doors.web.views import actor_of, cursor_links, page_at, page_for
from people.public import directory, get_tenant
from reporting.queries.schedules import get_schedule, schedules
from reporting.services.issue import ReportError, require_issuer
from reporting.services.schedules import create_schedule, delete_schedule, switch_schedule
from reporting.web.forms.reports import ScheduleForm

NEWEST_FIRST = Order("created_at")


@page_for("report:schedule")
@require_safe
def schedule_list(request: HttpRequest) -> HttpResponse:
    """Every schedule, the newest first."""
    page = page_at(request, schedules(actor_of(request)), NEWEST_FIRST)
    providers = directory().providers
    rows = [
        {
            "schedule": schedule,
            "provider": providers[schedule.provider_id].name if schedule.provider_id in providers else "",
            "hour": f"{schedule.hour:02d}:00",
        }
        for schedule in page.rows
    ]
    return render(request, "reporting/schedules.html", {"rows": rows} | cursor_links(request, page))


@page_for("report:schedule")
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_new(request: HttpRequest) -> HttpResponse:
    """Write a schedule."""
    actor = actor_of(request)
    require_issuer(actor)
    initial = {"day": 3, "hour": 7, "language": get_tenant(actor.tenant_id).language}
    form = ScheduleForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            create_schedule(
                kind=data["kind"],
                provider_id=data["provider"],
                day=data["day"],
                hour=data["hour"],
                recipients=data["recipients"],
                language=data["language"],
                actor=actor,
                at=timezone.now(),
            )
        except ReportError as error:
            form.refuse(error.fields)
        else:
            messages.success(request, gettext("The schedule was saved."))
            return HttpResponseRedirect(reverse("reporting:schedules"))
    return render(request, "reporting/schedule_form.html", {"form": form}, status=422 if form.errors else 200)


@page_for("report:schedule")
@require_POST
def schedule_switch(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """Switch a schedule on or off."""
    actor, step = actor_of(request), request.POST.get("step", "")
    if step not in ("on", "off"):
        raise Http404
    is_enabled = step == "on"
    switch_schedule(schedule_id=schedule_id, is_enabled=is_enabled, actor=actor, at=timezone.now())
    told = gettext("The schedule is on.") if is_enabled else gettext("The schedule is off.")
    messages.success(request, told)
    return HttpResponseRedirect(reverse("reporting:schedules"))


@page_for("report:schedule")
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_delete(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """Ask whether a schedule is to be deleted, and delete it."""
    actor, back = actor_of(request), reverse("reporting:schedules")
    schedule = get_schedule(actor, schedule_id)
    if request.method == "POST":
        delete_schedule(schedule_id=schedule_id, actor=actor)
        messages.success(request, gettext("The schedule was deleted. The reports it issued are kept."))
        return HttpResponseRedirect(back)
    key = schedule.provider_id
    provider = directory().providers.get(key) if key else None
    name = schedule.get_kind_display() + (f", {provider.name}" if provider else "")
    context = {
        "question": gettext("Do you want to delete this schedule?"),
        "lines": [
            gettext("%(name)s, every month on day %(day)s at %(hour)s:00.")
            % {"name": name, "day": schedule.day, "hour": f"{schedule.hour:02d}"},
            gettext("These people get no more reports by it: %(people)s.")
            % {"people": ", ".join(schedule.recipients)},
            gettext("The reports it issued are kept. To stop it for a while, switch it off instead."),
        ],
        "yes": gettext("Yes, delete it"),
        "back_url": back,
        "crumbs": [(gettext("Scheduled reports"), back), (gettext("Delete"), "")],
    }
    return render(request, "desk/confirm.html", context)
