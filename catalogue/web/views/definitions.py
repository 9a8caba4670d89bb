"""What a service is, in words: writing, publishing, comparing; and the template of all definitions."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.engine.definitions import template_text, text_template
from catalogue.lifecycle import DEFINE
from catalogue.queries.definitions import (
    definition_changes,
    definition_lines,
    definition_of,
    draft_of,
    template,
    template_number,
)
from catalogue.queries.portfolio import whole_service
from catalogue.services.bands import bands_text, set_bands
from catalogue.services.service_definitions import change_template, publish_definition, write_definition
from catalogue.web.forms.services import BandsForm, DefinitionForm, PublishDefinitionForm, TemplateForm
from catalogue.web.views.showing import show_form, tell_refusal
from doors.web.views import actor_of, add_errors, page_for
from lifecycle.public import RuleError, StaleVersionError


@require_safe
@page_for(DEFINE)
def definition(request: HttpRequest, code: str) -> HttpResponse:
    """`/admin/services/<code>/definition/?version=&with=`: a version, and what changed since another."""
    row = whole_service(code)
    lines = definition_lines(row)
    numbers = [line.number for line in lines]
    shown = _number(request, "version", numbers) or (numbers[0] if numbers else 0)
    other = _number(request, "with", numbers)
    context: dict[str, Any] = {
        "service": row,
        "versions": lines,
        "shown": shown,
        "other": other,
        "view": definition_of(row, shown) if shown else None,
        "changes": definition_changes(row, other, shown) if other and shown else None,
        "crumbs": _crumbs(row, (gettext("Definition"), "")),
    }
    return render(request, "catalogue/services/definition.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def edit_definition(request: HttpRequest, code: str) -> HttpResponse:
    """Write the draft; what is published does not change."""
    row = whole_service(code)
    draft = draft_of(row)
    bound = request.POST if request.method == "POST" else None
    form = DefinitionForm(bound, sections=draft.sections, initial={"seen": draft.version})
    status = 200
    if form.is_bound and form.is_valid():
        texts = {name: text for name, text in form.cleaned_data.items() if name != "seen"}
        try:
            write_definition(
                service=row, texts=texts, actor=actor_of(request), seen_version=form.cleaned_data["seen"]
            )
        except StaleVersionError:
            data = request.POST.copy()
            data["seen"] = str(draft_of(row).version)
            form, status = DefinitionForm(data, sections=draft.sections), 409
        except RuleError as error:
            add_errors(form, error)
        else:
            messages.success(request, gettext("The draft was saved. Publish it when it says everything."))
            return HttpResponseRedirect(reverse("catalogue:publish_definition", args=[code]))
    return show_form(
        request,
        form,
        gettext("Definition of %(name)s") % {"name": row.name},
        gettext("Save the draft"),
        _crumbs(
            row, (gettext("Definition"), reverse("catalogue:definition", args=[code])), (gettext("Write"), "")
        ),
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publish the draft as the next version."""
    row = whole_service(code)
    draft = draft_of(row)
    bound = request.POST if request.method == "POST" else None
    form = PublishDefinitionForm(bound, initial={"seen": draft.version})
    status = 200
    if form.is_bound and form.is_valid():
        try:
            made = publish_definition(
                service=row,
                note=form.cleaned_data["note"],
                actor=actor_of(request),
                at=timezone.now(),
                seen_version=form.cleaned_data["seen"],
            )
        except StaleVersionError:
            data = request.POST.copy()
            data["seen"] = str(draft_of(row).version)
            form, status = PublishDefinitionForm(data), 409
        except RuleError as error:
            titles = {section.code: section.title for section in draft.sections}
            for section, reason in error.fields.items():
                form.add_error(
                    "note" if section == "note" else None, f"{titles.get(section, section)}: {reason}"
                )
            if not error.fields:
                form.add_error(None, error.message)
        else:
            done = gettext("Version %(number)s is published.") % {"number": made.number}
            messages.success(request, done)
            return HttpResponseRedirect(reverse("catalogue:definition", args=[code]))
    return show_form(
        request,
        form,
        gettext("Publish the definition of %(name)s") % {"name": row.name},
        gettext("Publish"),
        _crumbs(
            row,
            (gettext("Definition"), reverse("catalogue:definition", args=[code])),
            (gettext("Publish"), ""),
        ),
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def edit_template(request: HttpRequest) -> HttpResponse:
    """The sections that every definition has from now on."""
    bound = request.POST if request.method == "POST" else None
    initial = {"seen": template_number(), "sections": template_text(template())}
    form = TemplateForm(bound, initial=initial)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            change_template(
                sections=text_template(form.cleaned_data["sections"]),
                actor=actor_of(request),
                at=timezone.now(),
                seen_number=form.cleaned_data["seen"],
            )
        except StaleVersionError:
            data = request.POST.copy()
            data["seen"] = str(template_number())
            form, status = TemplateForm(data), 409
        except RuleError as error:
            for path, reason in error.fields.items():
                form.add_error("sections", f"{path}: {reason}")
        else:
            messages.success(request, gettext("Definitions have these sections from now on."))
            return HttpResponseRedirect(reverse("catalogue:services"))
    crumbs = [
        (gettext("Services"), reverse("catalogue:services")),
        (gettext("Template of definitions"), ""),
    ]
    title = gettext("Template of definitions")
    return show_form(request, form, title, gettext("Save the template"), crumbs, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def edit_bands(request: HttpRequest) -> HttpResponse:
    """The bands of availability that services may be in."""
    form = BandsForm(request.POST if request.method == "POST" else None, initial={"bands": bands_text()})
    if form.is_bound and form.is_valid():
        try:
            set_bands(
                lines=form.cleaned_data["bands"].splitlines(),
                actor=actor_of(request),
                at=timezone.now(),
                accepted_because=form.cleaned_data["accepted_because"],
            )
        except RuleError as error:
            tell_refusal(form, error)
        else:
            messages.success(request, gettext("The bands were saved."))
            return HttpResponseRedirect(reverse("catalogue:services"))
    title = gettext("Availability bands")
    crumbs = [(gettext("Services"), reverse("catalogue:services")), (title, "")]
    return show_form(request, form, title, gettext("Save the bands"), crumbs)


def _number(request: HttpRequest, name: str, known: list[int]) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 9 and int(text) in known else 0


def _crumbs(row: Any, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        (gettext("Services"), reverse("catalogue:services")),
        (row.name, reverse("catalogue:service", args=[row.code])),
        *more,
    ]
