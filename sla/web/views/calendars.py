"""Calendars: the list, one with its versions, and writing them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from calendars.engine import CalendarSpec, parse_calendar
from doors.engine.keyset import Order
from doors.web.views import actor_of, cursor_links, page_at, page_for
from sla.queries.calendar_wording import calendar_differences, calendar_in_words, day_hours, next_days
from sla.queries.definitions import (
    CalendarLine,
    all_calendars,
    calendars_to_page,
    get_calendar,
    hours_of,
    makers_of,
    spec_of,
    stored_calendar,
    users_of,
)
from sla.services.edit_calendar import (
    DAYS_SHOWN,
    add_calendar_version,
    create_calendar,
    preview_calendar,
)
from sla.services.preview import Preview
from sla.web.forms.calendars import CalendarForm, NewCalendarForm, calendar_initial
from sla.web.forms.fields import start_of
from sla.web.views.editing import Editing, edit
from sla.web.views.versions import version_lines

BY_NAME = Order("name", is_descending=False)


@require_safe
@page_for("sla:read")
def calendar_list(request: HttpRequest) -> HttpResponseBase:
    """Every calendar, with today's hours."""
    actor, now = actor_of(request), timezone.now()
    lines = all_calendars(actor)
    page = page_at(request, calendars_to_page(actor), BY_NAME)
    rows = []
    for row in page.rows:
        line = lines[row.pk]
        spec = spec_of(line.at(now))
        today = day_hours(spec, now.astimezone(zone_of(spec)).date())
        rows.append({"line": line, "zone": spec.zone, "today": today, "version": line.at(now)})
    context = {
        "rows": rows,
        "may_define": actor.may("sla:define"),
        "crumbs": [(gettext("Definitions"), reverse("sla:index")), (gettext("Calendars"), "")],
    }
    return render(request, "sla/calendars.html", context | cursor_links(request, page))


@require_safe
@page_for("sla:read")
def calendar_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """One calendar: today, the next days, what counts by it, and its versions."""
    actor, now = actor_of(request), timezone.now()
    line = get_calendar(actor, code)
    spec, hours = spec_of(line.at(now)), hours_of(line.at(now))
    change = hours.next_change(int(now.timestamp()))
    targets, services = users_of(line, actor, now)
    specs = [spec_of(version) for version in line.versions]
    context = {
        "line": line,
        "spec": spec,
        "is_open": hours.is_open(int(now.timestamp())),
        "changes_at": None if change is None else datetime.fromtimestamp(change, UTC),
        "today": day_hours(spec, now.astimezone(zone_of(spec)).date()),
        "days": next_days(lambda at: spec_of(line.at(at)), start=now, count=DAYS_SHOWN),
        "holidays": [day_hours(spec, day) for day in sorted(spec.holidays) if day >= now.date()],
        "targets": targets,
        "services": services,
        "versions": version_lines(
            line,
            facts=[calendar_in_words(each) for each in specs],
            changes=[[], *(calendar_differences(old, new) for old, new in pairwise(specs))],
            made=makers_of(actor, line),
            now=now,
        ),
        "may_define": actor.may("sla:define"),
        "crumbs": [*_crumbs(), (line.name, "")],
    }
    return render(request, "sla/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("sla:define")
def calendar_new(request: HttpRequest) -> HttpResponseBase:
    """Write down a calendar."""
    actor, now = actor_of(request), timezone.now()

    def save(form: Any) -> str:
        data = form.cleaned_data
        made = create_calendar(
            code=data["code"], name=data["name"], draft=form.draft(), actor=actor, at=timezone.now()
        )
        return reverse("sla:calendar", args=[made.code])

    editing = Editing(
        title=gettext("New calendar"),
        crumbs=[*_crumbs(), (gettext("New calendar"), "")],
        template="sla/calendar_form.html",
        back_url=reverse("sla:calendars"),
        make_form=lambda typed: NewCalendarForm(
            typed, initial={"zone": timezone.get_current_timezone_name()} | start_of(now)
        ),
        preview=lambda form: preview_calendar(
            calendar=None, draft=form.draft(), actor=actor, at=now, code=form.cleaned_data["code"]
        ),
        words=lambda form, preview: _draft_in_words(None, form, preview),
        save=save,
        saved=gettext("The calendar was saved."),
    )
    return edit(request, editing)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("sla:define")
def calendar_edit(request: HttpRequest, code: str) -> HttpResponseBase:
    """Add a version to a calendar."""
    actor, now = actor_of(request), timezone.now()
    line = get_calendar(actor, code)
    address = reverse("sla:calendar", args=[code])

    def save(form: Any) -> str:
        add_calendar_version(
            calendar=stored_calendar(line),
            draft=form.draft(),
            actor=actor,
            at=timezone.now(),
            seen_version=form.cleaned_data["seen"],
        )
        return address

    editing = Editing(
        title=gettext("Change %(name)s") % {"name": line.name},
        crumbs=[*_crumbs(), (line.name, address), (gettext("Change"), "")],
        template="sla/calendar_form.html",
        back_url=address,
        make_form=lambda typed: CalendarForm(
            typed, initial=calendar_initial(spec_of(line.latest)) | start_of(now) | {"seen": line.count}
        ),
        preview=lambda form: preview_calendar(
            calendar=stored_calendar(line), draft=form.draft(), actor=actor, at=now
        ),
        words=lambda form, preview: _draft_in_words(line, form, preview),
        save=save,
        saved=gettext("The calendar has a new version."),
        count=line.count,
        context={"line": line},
    )
    return edit(request, editing)


def zone_of(spec: CalendarSpec) -> Any:
    """The time zone of a calendar."""
    return ZoneInfo(spec.zone)


def _crumbs() -> list[tuple[str, str]]:
    return [
        (gettext("Definitions"), reverse("sla:index")),
        (gettext("Calendars"), reverse("sla:calendars")),
    ]


def _draft_in_words(line: CalendarLine | None, form: CalendarForm, preview: Preview) -> dict[str, Any]:
    spec = parse_calendar(form.cleaned_data["definition"])
    start = max(preview.effective_from, timezone.now() - timedelta(seconds=1))
    return {
        "facts": calendar_in_words(spec),
        "differences": calendar_differences(spec_of(line.latest), spec) if line else [],
        "is_new": line is None,
        "days": next_days(lambda _: spec, start=start, count=DAYS_SHOWN),
        "zone": spec.zone,
    }
