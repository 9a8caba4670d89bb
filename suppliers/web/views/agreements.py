"""How a supplier works with us, process by process: the level, the mapping, and what speaks against it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from design.forms import DeskForm
from doors.web.views import actor_of, page_for
from lifecycle.public import NotFoundError, RuleError, StaleVersionError
from suppliers.engine.mapping_text import typed_words, with_rows, with_words
from suppliers.policy import DEFINE, READ
from suppliers.queries.agreements import (
    AgreementView,
    agreement_lines,
    agreement_view,
    get_provider,
    judged,
    mapping_at,
)
from suppliers.services.agreements import publish_mapping, switch_level, write_mapping
from suppliers.web.forms.agreements import LEVELS, LevelForm, PublishMappingForm, RowsForm, WordsForm

_PARTS = ("states", "priorities")
# Where a fault of the notation is typed: the form's field by the beginning of its path, the longest first.
_TYPED = (
    ("theirs.states", "states"),
    ("theirs.priorities", "priorities"),
    ("theirs.fields", "their_fields"),
    ("fields", "pairs"),
    ("constants", "constants"),
    ("samples", "samples"),
)


@require_safe
@page_for(READ)
def agreements(request: HttpRequest, provider: str) -> HttpResponse:
    """Every process with the level at which one supplier works in it."""
    row = get_provider(actor_of(request), provider)
    context = {
        "provider": row,
        "lines": agreement_lines(row),
        "levels": dict(LEVELS),
        "crumbs": [
            (gettext("Suppliers"), reverse("agreements:providers")),
            (row.name, reverse("agreements:provider", args=[row.code])),
            (gettext("How they work with us"), ""),
        ],
    }
    return render(request, "suppliers/agreements.html", context)


@require_safe
@page_for(READ)
def agreement(request: HttpRequest, provider: str, process: str) -> HttpResponse:
    """One process: the level, the draft and what it lacks, the mapping in force (`?version=` for an older one)."""
    actor = actor_of(request)
    view = agreement_view(get_provider(actor, provider), process)
    asked = request.GET.get("version", "")
    older = None
    if asked:
        if not asked.isdecimal() or len(asked) > 8:
            raise NotFoundError(gettext("There is no such version of the mapping."))
        older = mapping_at(view.provider, process, int(asked))
    shown = older.notation if older else view.draft
    findings = judged(shown, view.vocabulary) if older else view.draft_findings
    context = {
        "view": view,
        "older": older,
        "level": dict(LEVELS)[view.level],
        "errors": [finding for finding in findings if finding.is_error],
        "warnings": [finding for finding in findings if not finding.is_error],
        "tables": [_table(view, shown, part) for part in _PARTS],
        "pairs": [{**pair, "label": _label_of(view, pair["ours"])} for pair in shown.get("fields", ())],
        "constants": shown.get("constants", {}),
        "is_changed": view.draft != view.notation,
        "may_define": actor.may(DEFINE),
        "crumbs": _crumbs(view),
    }
    return render(request, "suppliers/agreement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def words(request: HttpRequest, provider: str, process: str) -> HttpResponse:
    """What their system has, and which field is which."""
    view = _view(request, provider, process)
    initial = typed_words(view.draft) | {"seen": view.version}
    form = WordsForm(_posted(request), initial=initial, vocabulary=view.vocabulary)

    def save(given: dict[str, Any]) -> None:
        write_mapping(
            provider=view.provider,
            process=process,
            notation=with_words(view.draft, given),
            actor=actor_of(request),
            seen_version=given["seen"],
        )

    return _handled(request, view, form, save, gettext("What their system has"))


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def rows(request: HttpRequest, provider: str, process: str, part: str) -> HttpResponse:
    """What each state, or each priority, is on the other side."""
    view = _view(request, provider, process)
    if part not in _PARTS:
        raise NotFoundError(gettext("There is no such part."))
    form = RowsForm(
        _posted(request),
        ours=_ours(view, part),
        theirs=view.draft.get("theirs", {}).get(part, ()),
        rows=view.draft.get(part, {}),
        initial={"seen": view.version},
    )

    def save(given: dict[str, Any]) -> None:
        write_mapping(
            provider=view.provider,
            process=process,
            notation=with_rows(view.draft, part, form.rows()),
            actor=actor_of(request),
            seen_version=given["seen"],
        )

    title = gettext("How states map") if part == "states" else gettext("How priorities map")
    return _handled(request, view, form, save, title)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def publish(request: HttpRequest, provider: str, process: str) -> HttpResponse:
    """Put the draft in force."""
    view = _view(request, provider, process)
    form = PublishMappingForm(_posted(request), initial={"seen": view.version})

    def save(given: dict[str, Any]) -> None:
        publish_mapping(
            provider=view.provider,
            process=process,
            note=given["note"],
            actor=actor_of(request),
            at=timezone.now(),
            seen_version=given["seen"],
        )

    return _handled(request, view, form, save, gettext("Publish the mapping"), gettext("Publish"))


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def level(request: HttpRequest, provider: str, process: str) -> HttpResponse:
    """Have them work at another level in this process."""
    view = _view(request, provider, process)
    form = LevelForm(_posted(request), initial={"seen": view.version, "level": view.level})

    def save(given: dict[str, Any]) -> None:
        switch_level(
            provider=view.provider,
            process=process,
            level=given["level"],
            reason=given["reason"],
            actor=actor_of(request),
            at=timezone.now(),
            seen_version=given["seen"],
        )

    return _handled(request, view, form, save, gettext("Change the level"), gettext("Change the level"))


def _handled(
    request: HttpRequest,
    view: AgreementView,
    form: DeskForm,
    save: Callable[[dict[str, Any]], None],
    title: str,
    button: str = "",
) -> HttpResponse:
    """Show the form, or save what was typed: refusals stand beside their field, and nothing typed is lost."""
    status = 200
    if form.is_bound and form.is_valid():
        try:
            save(dict(form.cleaned_data))
        except StaleVersionError as stale:
            typed = request.POST.copy()
            typed["seen"] = str(stale.current)
            form.data, status = typed, 409
        except RuleError as refused:
            for path, reason in refused.fields.items() or [("", refused.message)]:
                field = _field_of(path)
                form.add_error(field if field in form.fields else None, reason)
            status = 422
        else:
            messages.success(request, gettext("It was saved."))
            return HttpResponseRedirect(_address(view))
    elif form.is_bound:
        status = 422
    context = {
        "form": form,
        "view": view,
        "title": title,
        "button_text": button or gettext("Save"),
        "is_conflict": status == 409,
        "back_url": _address(view),
        "crumbs": _crumbs(view, title),
    }
    return render(request, "suppliers/agreement_form.html", context, status=status)


def _field_of(path: str) -> str:
    return next((field for begin, field in _TYPED if path == begin or path.startswith(f"{begin}.")), path)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _view(request: HttpRequest, provider: str, process: str) -> AgreementView:
    return agreement_view(get_provider(actor_of(request), provider), process)


def _ours(view: AgreementView, part: str) -> list[tuple[str, str]]:
    if part == "priorities":
        return [(name, f"P{name}") for name in view.vocabulary.priorities]
    return [(name, gettext(label)) for name, label in view.vocabulary.labels.items()]


def _label_of(view: AgreementView, code: str) -> str:
    field = view.vocabulary.field(code)
    return gettext(field.label) if field else code


def _table(view: AgreementView, notation: Any, part: str) -> dict[str, Any]:
    """The rows of one part as its tables show them: what ours is there, and what theirs is here."""
    ours = _ours(view, part)
    names = dict(ours)
    mapped = notation.get(part, {})
    out, back = mapped.get("out", {}), mapped.get("in", {})
    theirs = notation.get("theirs", {}).get(part, ())
    return {
        "part": part,
        "out": [(label, out.get(value, "")) for value, label in ours],
        "back": [(value, names.get(back.get(value, ""), "")) for value in theirs],
    }


def _address(view: AgreementView) -> str:
    return reverse("agreements:agreement", args=[view.provider.code, view.vocabulary.process])


def _crumbs(view: AgreementView, last: str = "") -> list[tuple[str, str]]:
    label = gettext(view.vocabulary.label)
    above = [
        (gettext("Suppliers"), reverse("agreements:providers")),
        (view.provider.name, reverse("agreements:provider", args=[view.provider.code])),
        (gettext("How they work with us"), reverse("agreements:agreements", args=[view.provider.code])),
    ]
    return [*above, (label, _address(view)), (last, "")] if last else [*above, (label, "")]
