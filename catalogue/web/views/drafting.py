"""Changing a draft from a page: what was refused stands beside its input, and who came too late is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from catalogue.queries.offerings import get_offering
from catalogue.services.offerings import change_draft
from catalogue.web.views.paths import where
from doors.web.views import actor_of
from lifecycle.public import IllegalStepError, RuleError, StaleVersionError

Crumbs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A page with one form that changes something of an offering.

    `form` makes it, from what was typed (None at first); then either `changes` gives other parts for the draft, or
    `save` does something else, given the form and the draft that was seen. Paths of the design below `path` are the
    form's own; `names` says which field a part of it is, where its name does not. `tells_all` is a field that every
    fault stands beside, by its path. `done` is where one goes afterwards.
    """

    title: str
    button: str
    crumbs: Crumbs
    form: Callable[[Any], Any]
    saved: str
    done: str
    changes: Callable[[Any], Mapping[str, Any]] | None = None
    save: Callable[[Any, int], Any] | None = None
    path: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    tells_all: str = ""
    template: str = "catalogue/offerings/form.html"
    context: Mapping[str, Any] = field(default_factory=dict)


def edit(request: HttpRequest, row: Any, page: Edit) -> HttpResponse:
    """The page: 422 with what is wrong, 409 for a draft that changed meanwhile, with what was typed."""
    form = page.form(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            _save(request, row, page, form)
        except StaleVersionError:
            form, status = _again(page, form, row), 409
        except IllegalStepError as error:
            form.add_error(None, error.message)
            status = 409
        except RuleError as error:
            if page.tells_all:
                form.add_error(page.tells_all, [f"{path}: {reason}" for path, reason in error.fields.items()])
            else:
                refuse(form, error, row, path=page.path, names=page.names)
        else:
            messages.success(request, page.saved)
            return HttpResponseRedirect(page.done)
    context = {
        "form": form,
        "offering": row,
        "title": page.title,
        "button_text": page.button,
        "crumbs": page.crumbs,
        "back_url": page.crumbs[-2][1],
        "is_conflict": status == 409 and not form.errors,
    }
    shown = 422 if form.errors and status == 200 else status
    return render(request, page.template, context | dict(page.context), status=shown)


def _save(request: HttpRequest, row: Any, page: Edit, form: Any) -> None:
    seen = form.cleaned_data["seen"]
    if page.save is not None:
        page.save(form, seen)
    elif page.changes is not None:
        changes = page.changes(form)
        try:
            change_draft(offering=row, changes=changes, actor=actor_of(request), seen_version=seen)
        except RuleError:
            # What is wrong is told by its place in what was to become of the draft.
            row.design = {
                name: part for name, part in (row.design | dict(changes)).items() if part is not None
            }
            raise


def refuse(form: Any, error: RuleError, row: Any, *, path: str, names: Mapping[str, str]) -> None:
    """Each fault beside the field that it is about; what is about something else on top, with where it stands."""
    for at, reason in error.fields.items():
        is_here = not path or f"{at}.".startswith(f"{path}.")
        name, line = _field_at(form, at.removeprefix(path).lstrip("."), names) if is_here else ("", "")
        if name:
            form.add_error(
                name,
                gettext("Line %(line)s: %(reason)s") % {"line": line, "reason": reason} if line else reason,
            )
        else:
            form.add_error(None, f"{where(at, row).words}: {reason}")
    if not error.fields:
        form.add_error(None, error.message)


def _field_at(form: Any, path: str, names: Mapping[str, str]) -> tuple[str, str]:
    """The field that a path is about and, where it is one of several lines, which. ("", "") for none."""
    parts = path.split(".")
    for count in range(len(parts), 0, -1):
        inner = ".".join(parts[:count])
        for name in (names.get(inner, ""), "_".join(parts[:count]), f"{'_'.join(parts[:count])}_en"):
            if name in form.fields:
                rest = parts[count:]
                line = str(int(rest[0]) + 1) if rest and rest[0].isdecimal() else ""
                return name, line
    return "", ""


def _again(page: Edit, form: Any, row: Any) -> Any:
    """The same form as typed, now meant for the draft that stands there."""
    data = form.data.copy()
    data["seen"] = str(get_offering(row.code).draft_version)
    return page.form(data)


def crumbs_of(row: Any, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """Where a page about an offering is."""
    return [
        (gettext("Offerings"), reverse("catalogue:offerings")),
        (name_of(row), reverse("catalogue:offering", args=[row.code])),
        *more,
    ]


def name_of(row: Any) -> str:
    """What the draft is called."""
    return str(row.design.get("name", {}).get("en") or row.code)
