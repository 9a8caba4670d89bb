"""Editing a definition in steps that need no script: type, look at what it would change, save."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext

from lifecycle.public import StaleVersionError
from records.public import kind_of
from sla.queries.what_if import measure_words
from sla.services.preview import SHOWN, ChangeView, Preview
from sla.services.promises import PromiseCannotBeKeptError
from sla.services.versions import DefinitionError, next_minute
from sla.web.forms.fields import VersionForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Editing:
    """A definition being edited. `count` is how many versions it has now, None for a new one.

    `make_form` takes what was typed, or None; `preview`, `words` and `save` take a valid form. `words` gives what the
    check page tells of the draft; `save` gives where to go next.
    """

    title: str
    crumbs: list[tuple[str, str]]
    template: str
    back_url: str
    make_form: Callable[[Any], VersionForm]
    preview: Callable[[Any], Preview]
    words: Callable[[Any, Preview], Mapping[str, Any]]
    save: Callable[[Any], str]
    saved: str
    count: int | None = None
    context: Mapping[str, Any] = field(default_factory=dict)


def edit(request: HttpRequest, editing: Editing) -> HttpResponse:
    """Show the form, or what it would change, or save it and go on."""
    if request.method != "POST":
        return _show(request, editing, editing.make_form(None), status=200)
    form = editing.make_form(request.POST)
    if not form.is_valid():
        return _show(request, editing, form, status=422)
    if request.POST.get("step") == "change":
        return _show(request, editing, form, status=200)
    try:
        return _go_on(request, editing, form)
    except StaleVersionError:
        return _show_conflict(request, editing, form)
    except (DefinitionError, PromiseCannotBeKeptError) as error:
        for name, words in error.fields.items():
            form.refuse(name, words)
        return _show(request, editing, form, status=422)


def _go_on(request: HttpRequest, editing: Editing, form: VersionForm) -> HttpResponse:
    if editing.count is not None and form.cleaned_data.get("seen") != editing.count:
        return _show_conflict(request, editing, form)
    if request.POST.get("step") == "save":
        address = editing.save(form)
        messages.success(request, editing.saved)
        return HttpResponseRedirect(address)
    return _check(request, editing, form, editing.preview(form))


def _show(
    request: HttpRequest, editing: Editing, form: VersionForm, *, status: int, **more: Any
) -> HttpResponse:
    context = {"form": form, "editing": editing, "crumbs": editing.crumbs, **editing.context, **more}
    return render(request, editing.template, context, status=status)


def _check(request: HttpRequest, editing: Editing, form: VersionForm, preview: Preview) -> HttpResponse:
    context = {
        "form": form,
        "editing": editing,
        "crumbs": editing.crumbs,
        "preview": preview,
        "free_from": next_minute(preview.free_from) if preview.free_from else None,
        "lines": [_line(each) for each in preview.changes.first],
        "shown": SHOWN,
        "typed": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in ("step", "csrfmiddlewaretoken")
        ],
        **editing.words(form, preview),
    }
    return render(request, "sla/check.html", context)


def _line(change: ChangeView) -> dict[str, Any]:
    """A changed promise as the what-if shows one as well."""
    return {
        "number": change.number,
        "url": f"/desk/{kind_of(change.record_kind).feed}/{change.number}/",
        "title": change.title,
        "code": change.then.code or change.now.code,
        "measure": measure_words(f"{change.kind}:{change.metric}"),
        "now": change.now,
        "then": change.then,
    }


def _show_conflict(request: HttpRequest, editing: Editing, form: VersionForm) -> HttpResponse:
    """Both versions, and the same form again on the version as it is now."""
    now = editing.make_form(None)
    rows = [
        {"label": str(form[name].label), "yours": _shown(form, name), "theirs": _shown(now, name)}
        for name in form.fields
        if name in now.fields and name != "seen" and _shown(form, name) != _shown(now, name)
    ]
    typed = request.POST.copy()
    typed["seen"] = str(editing.count)
    again = editing.make_form(typed)
    again.full_clean()
    return _show(request, editing, again, status=409, is_conflict=True, rows=rows)


def _shown(form: VersionForm, name: str) -> str:
    """What stands in a field, as people read it."""
    value, shown = form[name].value(), form.fields[name]
    labels = {str(key): str(label) for key, label in getattr(shown, "choices", ())}
    if isinstance(value, Mapping):
        value = " ".join(str(part) for part in value.values())
    if isinstance(value, (list, tuple)):
        return ", ".join(sorted(labels.get(str(each), str(each)) for each in value))
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if hasattr(value, "strftime"):
        return f"{value.day} {value.month} {value.year}"
    return labels.get(str(value), str(value if value is not None else ""))
