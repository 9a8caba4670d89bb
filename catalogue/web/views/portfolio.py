"""The portfolio of services, one service, and the steps of its life."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from calendars.public import calendar_lines
from catalogue.engine.panels import panels
from catalogue.lifecycle import DEFINE, PHASES, SERVICE
from catalogue.queries.definitions import draft_of, missing_in_definition, newest_definition
from catalogue.queries.portfolio import (
    NONE,
    STAGES,
    Wanted,
    availability_bands,
    counts_by_phase,
    offerings_of_service,
    owners,
    portfolio,
    priority_matrices,
    stage_offers,
    steps_of_service,
    whole_service,
)
from catalogue.services.describe import Description, describe_service, propose_service
from catalogue.services.stages import take_stage
from catalogue.web.forms.services import KINDS, NewServiceForm, PublishForm, RetireForm, ServiceForm, StepForm
from catalogue.web.views.showing import show_form, tell_refusal
from doors.engine.keyset import Order
from doors.web.files import as_table
from doors.web.views import actor_of, add_errors, cursor_links, every_row, page_at, page_for
from lifecycle.public import IllegalStepError, NotFoundError, RuleError, StaleVersionError
from people.public import active_groups, organisations

LIMIT = 25
BY_NAME = Order("name", is_descending=False)


@require_safe
@page_for(DEFINE)
def services(request: HttpRequest) -> HttpResponse:
    """`/admin/services/?phase=&stage=&kind=&owner=&band=&q=`: the portfolio."""
    wanted = _wanted(request)
    page = page_at(request, portfolio(wanted), BY_NAME, limit=LIMIT)
    query = request.GET.copy()
    query.pop("cursor", None)
    stages = [
        (name, gettext(SERVICE.states[name].label)) for name in STAGES.get(wanted.phase, SERVICE.states)
    ]
    counts, address = counts_by_phase(), reverse("catalogue:services")
    labels = {"pipeline": gettext("Pipeline"), "live": gettext("Live"), "retired": gettext("Retired")}
    context = {
        "rows": page.rows,
        "kinds": KINDS,
        "stages": stages if len(stages) > 1 else [],
        "owners": [*owners(), (NONE, gettext("Nobody"))],
        "bands": [*((row.code, row.name) for row in availability_bands()), (NONE, gettext("None"))],
        "wanted": wanted,
        "table_url": f"{reverse('catalogue:services_table')}?{query.urlencode()}",
        "tabs": [
            {
                "label": labels[name],
                "url": f"{address}?phase={name}",
                "current": name == wanted.phase,
                "count": counts[name] or None,
            }
            for name in PHASES
        ],
        "crumbs": [(gettext("Services"), "")],
    }
    return render(request, "catalogue/services/list.html", context | cursor_links(request, page))


@require_safe
@page_for(DEFINE)
def services_table(request: HttpRequest) -> HttpResponseBase:
    """The same services, all of them, as comma-separated values."""
    stages = {name: gettext(state.label) for name, state in SERVICE.states.items()}
    kinds = {
        "functional": gettext("Functional"),
        "technical": gettext("Technical"),
        "operational": gettext("Operational"),
    }
    head = [
        gettext("Code"),
        gettext("Service"),
        gettext("Stage"),
        gettext("Kind"),
        gettext("Owner"),
        gettext("Email address of the owner"),
        gettext("Whose it is"),
        gettext("Availability band"),
        gettext("Availability in percent"),
    ]
    rows = every_row(portfolio(_wanted(request)), BY_NAME)
    lines = ([*_cells(row, stages, kinds)] for row in rows)
    return as_table(chain([head], lines), name="services.csv")


def _cells(row: Any, stages: Mapping[str, str], kinds: Mapping[str, str]) -> Iterator[str]:
    yield from (row.code, row.name, stages[row.stage], kinds[row.kind])
    yield from (row.owner.name, row.owner.email) if row.owner else ("", "")
    yield row.owner_organisation.name if row.owner_organisation else ""
    band = row.availability_band
    yield from (band.name, f"{band.percent.normalize():f}") if band else ("", "")


def _wanted(request: HttpRequest) -> Wanted:
    asked = request.GET
    return Wanted(
        phase=asked.get("phase", "live"),
        text=asked.get("q", "").strip()[:100],
        **{name: asked.get(name, "") for name in ("stage", "kind", "owner", "band")},
    )


@require_safe
@page_for(DEFINE)
def service(request: HttpRequest, code: str) -> HttpResponse:
    """One service: what it is, where it stands, and what can come next."""
    row = whole_service(code)
    context = {
        "service": row,
        "kind": dict(KINDS)[row.kind],
        "offers": stage_offers(row, actor_of(request)),
        "steps": steps_of_service(row),
        "offerings": offerings_of_service(row),
        "definition": newest_definition(row),
        "draft": draft_of(row),
        "missing": missing_in_definition(row).values(),
        "panels": [(gettext(panel.label), panel.address.format(code=row.code)) for panel in panels()],
        "crumbs": _crumbs((row.name, "")),
    }
    return render(request, "catalogue/services/service.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def new_service(request: HttpRequest) -> HttpResponse:
    """Propose a service."""
    form = NewServiceForm(request.POST if request.method == "POST" else None, choices=_choices())
    if form.is_bound and form.is_valid():
        try:
            made = propose_service(
                code=form.cleaned_data["code"], said=_said(form), actor=actor_of(request), at=timezone.now()
            )
        except RuleError as error:
            add_errors(form, error)
        else:
            messages.success(request, gettext("%(name)s is proposed.") % {"name": made.name})
            return HttpResponseRedirect(reverse("catalogue:service", args=[made.code]))
    title = gettext("Propose a service")
    return show_form(request, form, title, gettext("Propose it"), _crumbs((title, "")))


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def edit_service(request: HttpRequest, code: str) -> HttpResponse:
    """Say something else of a service."""
    row = whole_service(code)
    form = ServiceForm(
        request.POST if request.method == "POST" else None, choices=_choices(), initial=_as_typed(row)
    )
    status = 200
    if form.is_bound and form.is_valid():
        try:
            describe_service(
                service=row,
                said=_said(form),
                actor=actor_of(request),
                at=timezone.now(),
                seen_version=form.cleaned_data["seen"],
                accepted_because=form.cleaned_data["accepted_because"],
            )
        except StaleVersionError:
            form = _again(form, whole_service(code).version, choices=_choices())
            status = 409
        except RuleError as error:
            tell_refusal(form, error)
        else:
            messages.success(request, gettext("%(name)s was saved.") % {"name": form.cleaned_data["name"]})
            return HttpResponseRedirect(reverse("catalogue:service", args=[code]))
    title = gettext("Change %(name)s") % {"name": row.name}
    back = reverse("catalogue:service", args=[code])
    crumbs = _crumbs((row.name, back), (gettext("Change"), ""))
    return show_form(request, form, title, gettext("Save"), crumbs, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def service_step(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """Take a step in the life of a service: everything that speaks against it is told at once."""
    if step not in SERVICE.transitions:
        raise NotFoundError(gettext("There is no such step."))
    row, actor = whole_service(code), actor_of(request)
    offer = next((each for each in stage_offers(row, actor) if each.name == step), None)
    if offer is None:
        raise IllegalStepError(
            gettext("This is not possible now."),
            state=row.stage,
            action=step,
            allowed=tuple(each.name for each in stage_offers(row, actor)),
        )
    form: StepForm = _step_form(step)(
        request.POST if request.method == "POST" else None, initial={"seen": row.version}
    )
    status = 200
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            take_stage(
                service=row,
                step=step,
                reason=given.get("reason", ""),
                accepted_because=given.get("accepted_because", ""),
                actor=actor,
                at=timezone.now(),
                seen_version=given["seen"],
            )
        except StaleVersionError:
            form = _again(form, whole_service(code).version)
            status = 409
        except RuleError as error:
            tell_refusal(form, error)
        else:
            label = SERVICE.states[SERVICE.transitions[step].target].label
            words = {"name": row.name, "stage": gettext(label).lower()}
            messages.success(request, gettext("%(name)s is %(stage)s now.") % words)
            return HttpResponseRedirect(reverse("catalogue:service", args=[code]))
    label = gettext(offer.label)
    back = reverse("catalogue:service", args=[code])
    title = gettext("%(step)s: %(name)s") % {"step": label, "name": row.name}
    return show_form(request, form, title, label, _crumbs((row.name, back), (label, "")), status=status)


def _step_form(step: str) -> type[StepForm]:
    if step == "publish":
        return PublishForm
    return RetireForm if SERVICE.transitions[step].target == "retired" else StepForm


def _again(form: Any, version: int, **more: Any) -> Any:
    """The same form as typed, now meant for what stands there."""
    data = form.data.copy()
    data["seen"] = str(version)
    return type(form)(data, **more)


def _said(form: ServiceForm) -> Description:
    given = form.cleaned_data
    return Description(**{name: given[name] for name in Description.__dataclass_fields__})


def _as_typed(row: Any) -> dict[str, Any]:
    codes = ("owner_organisation", "support_group", "hours", "availability_band")
    initial = {name: getattr(row, name).code if getattr(row, name) else "" for name in codes}
    return initial | {
        "seen": row.version,
        "name": row.name,
        "kind": row.kind,
        "description": row.description,
        "audience": row.audience,
        "owner": row.owner.email if row.owner else "",
        "matrix": row.matrix.name if row.matrix else "",
        "default_impact": str(row.default_impact),
    }


def _choices() -> dict[str, list[tuple[str, str]]]:
    return {
        "owner_organisation": [(row.code, row.name) for row in organisations()],
        "support_group": [(row.code, row.name) for row in active_groups()],
        "hours": [(line.calendar.code, line.calendar.name) for line in calendar_lines().values()],
        "availability_band": [
            (row.code, f"{row.name} ({row.percent.normalize():f} %)") for row in availability_bands()
        ],
        "matrix": [(row.name, row.name) for row in priority_matrices()],
    }


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(gettext("Services"), reverse("catalogue:services")), *more]
