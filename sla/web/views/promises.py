"""Services: what they are made of, how their promises stand, and publishing them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from catalogue.public import (
    BEFORE_LIVE,
    Part,
    PartGroup,
    all_services,
    publish_service,
    service_in_any_stage,
    set_dependencies,
)
from doors.engine.keyset import Order
from doors.web.views import actor_of, cursor_links, page_at, page_for
from lifecycle.public import NotFoundError
from sla.queries.composition import GroupView, composition_of, lines_of, part_choices
from sla.queries.register import task_views
from sla.services.promises import promise_availability
from sla.web.forms.promises import AvailabilityForm, PartForm, ReasonForm
from sla.web.views.held import held_form, typed

DEFINE = "service:define"
LIMIT, HOUR = 25, 3600
BY_NAME = Order("name", is_descending=False)


@require_GET
@page_for(DEFINE)
def services(request: HttpRequest) -> HttpResponse:
    """Every service, with how its promises stand."""
    page = page_at(request, all_services(), BY_NAME, limit=LIMIT)
    context = {
        "rows": lines_of(page.rows, timezone.now()),
        "crumbs": [(gettext("Services"), "")],
    }
    return render(request, "sla/services.html", context | cursor_links(request, page))


@require_GET
@page_for(DEFINE)
def service(request: HttpRequest, code: str) -> HttpResponse:
    """One service: parts, promises, the picture, and what was accepted."""
    row, now = service_in_any_stage(code), timezone.now()
    found = composition_of(row, now)
    context = {
        "service": found,
        "tasks": task_views(row, now),
        "may_publish": found.stage in BEFORE_LIVE,
        "crumbs": [(gettext("Services"), reverse("sla:services")), (found.name, "")],
    }
    return render(request, "sla/service.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Put a service live: its findings first, and a reason where there are any."""
    row = service_in_any_stage(code)
    found = composition_of(row, timezone.now())
    form = ReasonForm(typed(request))

    def act(reason: str) -> None:
        publish_service(service=row, actor=actor_of(request), at=timezone.now(), accepted_because=reason)

    words = {
        "title": gettext("Publish %(name)s") % {"name": row.name},
        "button_text": gettext("Publish"),
        "done": gettext("%(name)s is live.") % {"name": row.name},
    }
    return held_form(request, row, form, act, words, findings=found.findings)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def add_part(request: HttpRequest, code: str) -> HttpResponse:
    """Make a component or a service part of this one."""
    row = service_in_any_stage(code)
    form = PartForm(typed(request), parts=part_choices(row))

    def act(reason: str) -> None:
        data = form.cleaned_data
        kind, _, part_code = data["part"].partition(":")
        part = Part(**{kind: part_code}, handover_seconds=int((data["handover"] or 0) * HOUR))
        groups = _groups(row)
        name = data["group"].strip()
        known = next((group for group in groups if group.name == name), PartGroup(name, ()))
        changed = PartGroup(name, (*known.parts, part), data["needed"], data["is_in_turn"])
        groups = [changed if group.name == name else group for group in groups]
        _set(request, row, groups if known in _groups(row) else [*groups, changed], reason)

    words = {
        "title": gettext("Add a part to %(name)s") % {"name": row.name},
        "button_text": gettext("Add the part"),
        "done": gettext("The part was added."),
    }
    return held_form(request, row, form, act, words)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def remove_part(request: HttpRequest, code: str, kind: str, part: str) -> HttpResponse:
    """Take a part out of every group of the service in which it stands."""
    row = service_in_any_stage(code)
    groups = _groups(row)
    if not any(getattr(each, kind, None) == part for group in groups for each in group.parts):
        raise NotFoundError(gettext("The service has no such part."))
    form = ReasonForm(typed(request))

    def act(reason: str) -> None:
        left = []
        for group in groups:
            parts = tuple(each for each in group.parts if getattr(each, kind) != part)
            needed = None if group.needed is None else min(group.needed, len(parts))
            if parts:
                left.append(PartGroup(group.name, parts, needed, group.is_in_turn))
        _set(request, row, left, reason)

    words = {
        "title": gettext("Remove %(part)s from %(name)s") % {"part": part, "name": row.name},
        "button_text": gettext("Remove the part"),
        "done": gettext("The part was removed."),
    }
    return held_form(request, row, form, act, words)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def availability(request: HttpRequest, code: str) -> HttpResponse:
    """Promise an availability from now on."""
    row, now = service_in_any_stage(code), timezone.now()
    promised = composition_of(row, now).availability
    in_force = {"percent": None if promised is None else f"{promised.normalize():f}"}
    form = AvailabilityForm(typed(request), initial=in_force)

    def act(reason: str) -> None:
        promise_availability(
            service=row,
            percent=form.cleaned_data["percent"],
            effective_from=now,
            actor=actor_of(request),
            at=now,
            accepted_because=reason,
        )

    words = {
        "title": gettext("Availability of %(name)s") % {"name": row.name},
        "button_text": gettext("Promise it from now on"),
        "done": gettext("The promise was saved."),
    }
    return held_form(request, row, form, act, words)


def _set(request: HttpRequest, row: Any, groups: list[PartGroup], reason: str) -> None:
    set_dependencies(
        service=row,
        groups=groups,
        actor=actor_of(request),
        at=timezone.now(),
        accepted_because=reason,
    )


def _groups(row: Any) -> list[PartGroup]:
    """What the service is made of now, as the service that changes it wants it."""
    return [_group(group) for group in composition_of(row, timezone.now()).groups]


def _group(group: GroupView) -> PartGroup:
    parts = tuple(
        Part(**{part.kind: part.code}, handover_seconds=part.handover_seconds) for part in group.parts
    )
    return PartGroup(group.name, parts, None if group.is_serial else group.needed, group.is_in_turn)
