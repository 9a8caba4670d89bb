"""How ready services and suppliers are, evidence and sign-off, and the checklist itself."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from design.forms import DeskForm
from doors.web.files import as_download
from doors.web.views import actor_of, add_errors, page_for
from governance.engine.checks import checklist_text, text_checks
from governance.queries.overview import overview_lines
from governance.queries.readiness import (
    checklist_number,
    clean_file,
    notation,
    readiness_of,
    subject_of,
)
from governance.services.checklists import change_checklist
from governance.services.evidence import DEFINE, give_evidence, sign_off, waive
from governance.web.forms import ChecklistForm, EvidenceForm, SignForm, WaiveForm
from lifecycle.public import ForbiddenError, NotFoundError, RuleError, StaleVersionError
from people.public import today_in_tenant

_FORMS: dict[str, type[DeskForm]] = {"evidence": EvidenceForm, "waive": WaiveForm, "sign": SignForm}


@require_safe
@page_for(DEFINE)
def overview(request: HttpRequest) -> HttpResponse:
    """`/admin/readiness/`: services before they go live, and suppliers, with what is missing."""
    actor = actor_of(request)
    services, suppliers = overview_lines(today_in_tenant(actor, timezone.now()))
    context = {
        "services": services,
        "suppliers": suppliers,
        "crumbs": [(gettext("Services"), reverse("catalogue:services")), (gettext("Readiness"), "")],
    }
    return render(request, "governance/overview.html", context)


@require_safe
@page_for(DEFINE)
def readiness(request: HttpRequest, about: str, code: str) -> HttpResponse:
    """One service's, or one supplier's, readiness."""
    actor = actor_of(request)
    row = subject_of(about, code)
    found = readiness_of(row, today_in_tenant(actor, timezone.now()), actor)
    context = {
        "subject": row,
        "about": about,
        "readiness": found,
        "act_name": f"governance:{about}_act",
        "file_name": f"governance:{about}_file",
        "crumbs": _crumbs(about, row, (gettext("Readiness"), "")),
    }
    return render(request, "governance/readiness.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def act(request: HttpRequest, about: str, code: str, check: str, step: str) -> HttpResponse:
    """Give evidence for a check, waive it, or sign it off."""
    actor, row = actor_of(request), subject_of(about, code)
    if step not in _FORMS:
        raise NotFoundError(gettext("There is no such step."))
    found = readiness_of(row, today_in_tenant(actor, timezone.now()), actor)
    view = next((each for each in found.checks if each.code == check), None)
    if view is None:
        raise NotFoundError(gettext("There is no such check."))
    back = reverse(f"governance:{about}", args=[code])
    initial = {"seen": view.version, "words": view.words, "link": view.link}
    more: dict[str, Any] = {"initial": initial} | ({"kept": view.files} if step == "evidence" else {})
    bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = _FORMS[step](*bound, **more)
    status = 200
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            _do(step, row, check, given, actor)
        except StaleVersionError:
            data = request.POST.copy()
            data["seen"] = str(_version(about, code, check, actor))
            form, status = _FORMS[step](data, request.FILES, **more), 409
        except ForbiddenError as refused:
            form.add_error(None, refused.message)
            status = 403
        except RuleError as refused:
            add_errors(form, refused, {"files": "attached"})
        else:
            messages.success(request, gettext("It was saved."))
            return HttpResponseRedirect(back)
    titles = {
        "evidence": gettext("Evidence: %(title)s"),
        "waive": gettext("Waive: %(title)s"),
        "sign": gettext("Sign off: %(title)s"),
    }
    title = titles[step] % {"title": view.title}
    context = {
        "form": form,
        "subject": row,
        "view": view,
        "file_name": f"governance:{about}_file",
        "step": step,
        "title": title,
        "back_url": back,
        "is_conflict": status == 409,
        "crumbs": _crumbs(about, row, (gettext("Readiness"), back), (view.title, "")),
    }
    shown = 422 if form.errors and status == 200 else status
    return render(request, "governance/act.html", context, status=shown)


def _do(step: str, row: Any, check: str, given: dict[str, Any], actor: Any) -> None:
    common: dict[str, Any] = {
        "subject": row,
        "code": check,
        "actor": actor,
        "at": timezone.now(),
        "seen_version": given["seen"],
    }
    steps: dict[str, Callable[[], object]] = {
        "evidence": lambda: give_evidence(
            words=given["words"],
            link=given["link"],
            files=[(file.name, file) for file in given["attached"]],
            without=[UUID(key) for key in given.get("without", ())],
            **common,
        ),
        "waive": lambda: waive(reason=given["words"], **common),
        "sign": lambda: sign_off(**common),
    }
    steps[step]()


@require_safe
@page_for(DEFINE)
def evidence_file(request: HttpRequest, about: str, code: str, check: str, key: UUID) -> FileResponse:
    """A file that shows that a check is met."""
    file = clean_file(subject_of(about, code), check, key)
    return as_download(default_storage.open(file.path), name=file.name, content_type=file.content_type)


def _version(about: str, code: str, check: str, actor: Any) -> int:
    found = readiness_of(subject_of(about, code), today_in_tenant(actor, timezone.now()))
    return next(each.version for each in found.checks if each.code == check)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def edit_checklist(request: HttpRequest) -> HttpResponse:
    """What is asked of services and suppliers from now on."""
    written = notation()
    initial = {
        "seen": checklist_number(),
        "service": checklist_text(written, "service"),
        "supplier": checklist_text(written, "supplier"),
        "early_life_days": written.get("early_life_days", 0),
    }
    form = ChecklistForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            change_checklist(
                notation={
                    "service": text_checks(given["service"]),
                    "supplier": text_checks(given["supplier"]),
                    "early_life_days": given["early_life_days"],
                },
                actor=actor_of(request),
                at=timezone.now(),
                seen_number=given["seen"],
            )
        except StaleVersionError:
            data = request.POST.copy()
            data["seen"] = str(checklist_number())
            form, status = ChecklistForm(data), 409
        except RuleError as error:
            for path, reason in error.fields.items():
                about, _, line = path.partition(".")
                place, _, _ = line.partition(".")
                where = gettext("Line %(line)s: ") % {"line": int(place) + 1} if place.isdecimal() else ""
                form.add_error(about if about in form.fields else None, f"{where}{reason}")
        else:
            messages.success(request, gettext("This is asked from now on."))
            return HttpResponseRedirect(reverse("governance:overview"))
    context = {
        "form": form,
        "title": gettext("Checklist of readiness"),
        "back_url": reverse("governance:overview"),
        "is_conflict": status == 409,
        "crumbs": [
            (gettext("Services"), reverse("catalogue:services")),
            (gettext("Readiness"), reverse("governance:overview")),
            (gettext("Checklist"), ""),
        ],
    }
    shown = 422 if form.errors and status == 200 else status
    return render(request, "governance/act.html", context, status=shown)


def _crumbs(about: str, row: Any, *more: tuple[str, str]) -> list[tuple[str, str]]:
    if about == "service":
        above = [
            (gettext("Services"), reverse("catalogue:services")),
            (row.name, reverse("catalogue:service", args=[row.code])),
        ]
    else:
        above = [(gettext("Readiness"), reverse("governance:overview")), (row.name, "")]
    return [*above, *more]
