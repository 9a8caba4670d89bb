"""Drafts of definitions: the list, a new one, one with what it comes to, and the steps on it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doors.engine.keyset import Order
from doors.engine.statuses import status_of
from doors.web.views import actor_of, cursor_links, page_at, page_for
from lifecycle.public import DomainError, StaleVersionError
from people.public import Actor
from sla.queries.draft_sources import provider_choices, service_choices, source_choices, source_text
from sla.queries.drafts import DEFINE, READ, drafts, get_draft, read_draft, trial_of
from sla.queries.what_if import changes_in_words
from sla.services.adopt_draft import adopt_draft
from sla.services.drafts import (
    DraftError,
    cancel_run,
    discard_draft,
    edit_draft,
    request_run,
    start_draft,
    text_of,
)
from sla.web.forms.what_if import AdoptForm, DraftForm, SourceForm
from sla.web.views.what_if_result import result_of

NEWEST_FIRST = Order("id")


@require_safe
@page_for(READ)
def draft_list(request: HttpRequest) -> HttpResponse:
    """All drafts, the newest first. A cursor that is not of this list starts at the top."""
    actor = actor_of(request)
    rows = drafts(actor)
    page = page_at(request, rows, NEWEST_FIRST)
    context = {
        "drafts": page.rows,
        "may_define": actor.may(DEFINE),
        "crumbs": _crumbs(),
    }
    return render(request, "sla/what_if/list.html", context | cursor_links(request, page))


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def draft_new(request: HttpRequest) -> HttpResponse:
    """Choose what to begin with, change it, and keep it as a draft."""
    actor = actor_of(request)
    if request.method == "POST":
        form = _form(request.POST)
        if not form.is_valid():
            return _show_form(request, form, status=422)
        try:
            draft = start_draft(text=form.text(), actor=actor, at=timezone.now())
        except DraftError as error:
            return _show_refused(request, form, error)
        return HttpResponseRedirect(_url(draft.pk))
    now = timezone.now()
    sources = source_choices(now)
    start = request.GET.get("start", "")
    text = source_text(start, now) if start else ""
    if not text:
        chooser = SourceForm(sources=sources)
        context = {"form": chooser, "crumbs": _crumbs(_("New draft"))}
        return render(request, "sla/what_if/start.html", context)
    return _show_form(request, _form(initial={"document": text}), status=200)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def draft_edit(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Change a draft. What was typed stays when it is refused, or when somebody else was faster."""
    actor = actor_of(request)
    draft = get_draft(actor, draft_id)
    if request.method != "POST":
        return _show_form(request, _form(initial=_initial(draft)), status=200, draft=draft)
    form = _form(request.POST)
    if not form.is_valid():
        return _show_form(request, form, status=422, draft=draft)
    try:
        edit_draft(
            draft_id=draft_id,
            text=form.text(),
            seen_version=form.cleaned_data["version"] or 0,
            actor=actor,
            at=timezone.now(),
        )
    except DraftError as error:
        return _show_refused(request, form, error, draft=draft)
    except StaleVersionError as error:
        theirs = get_draft(actor, draft_id)
        data = request.POST.copy()
        data["version"] = str(theirs.version)
        return _show_form(request, _form(data), status=409, draft=draft, error=error, theirs=theirs)
    return HttpResponseRedirect(_url(draft_id))


@require_safe
@page_for(READ)
def draft_page(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """One draft: what it says, how far trying it has come, what it comes to."""
    return _show(request, actor_of(request), draft_id)


@require_safe
@page_for(READ)
def draft_progress(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """How far trying a draft has come; when it is over, the page is asked for anew."""
    draft = read_draft(actor_of(request), draft_id)
    trial = trial_of(draft)
    context = {"draft": draft, "trial": trial, "may_define": actor_of(request).may(DEFINE)}
    response = render(request, "sla/what_if/progress.html", context)
    if not trial.is_active:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@page_for(DEFINE)
def draft_act(request: HttpRequest, draft_id: UUID, action: str) -> HttpResponse:
    """Try a draft, call that off, or adopt it. What is refused is said on the draft's page."""
    actor, now = actor_of(request), timezone.now()
    form: AdoptForm | None = None
    try:
        if action == "run":
            request_run(draft_id=draft_id, actor=actor, at=now)
        elif action == "cancel":
            if cancel_run(draft_id=draft_id, actor=actor, at=now):
                messages.success(request, _("The trial was cancelled. Nothing of it is kept."))
        elif action == "adopt":
            form = AdoptForm(request.POST)
            if not form.is_valid():
                return _show(request, actor, draft_id, adopt=form, status=422)
            adopt_draft(
                draft_id=draft_id,
                effective_from=form.cleaned_data["effective_from"],
                actor=actor,
                at=now,
                seen_version=form.cleaned_data["version"],
            )
            messages.success(request, _("The draft was adopted."))
        else:
            raise Http404
    except DraftError as error:
        if form is not None and "effective_from" in error.fields:
            form.add_error(
                "day" if form.cleaned_data["effective_from"] else "when", error.fields["effective_from"]
            )
            return _show(request, actor, draft_id, adopt=form, status=422)
        return _show(request, actor, draft_id, error=error, status=status_of(error))
    except DomainError as error:
        return _show(request, actor, draft_id, error=error, status=409)
    return HttpResponseRedirect(_url(draft_id))


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def draft_discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Ask whether a draft is to be thrown away, and throw it away. One that was edited meanwhile is asked of again."""
    actor = actor_of(request)
    draft = get_draft(actor, draft_id)
    if request.method != "POST":
        return (
            _ask_to_discard(request, draft)
            if draft.state == "draft"
            else HttpResponseRedirect(_url(draft_id))
        )
    seen = request.POST.get("version", "")
    try:
        discard_draft(
            draft_id=draft_id,
            actor=actor,
            seen_version=int(seen) if seen.isascii() and seen.isdigit() else None,
        )
    except StaleVersionError:
        notice = _("Somebody edited the draft after you were asked. It was not thrown away.")
        return _ask_to_discard(request, get_draft(actor, draft_id), notice=notice, status=409)
    except DomainError as error:
        return _show(request, actor, draft_id, error=error, status=409)
    messages.success(request, _("“%(name)s” was thrown away.") % {"name": draft.name})
    return HttpResponseRedirect(reverse("sla:what_ifs"))


def _ask_to_discard(request: HttpRequest, draft: Any, *, notice: str = "", status: int = 200) -> HttpResponse:
    context = {
        "question": _("Do you want to throw “%(name)s” away?") % {"name": draft.name},
        "lines": [
            _("What it came to goes with it, and it cannot be brought back. Its text stays to be read."),
            _("Nothing of what holds changes."),
        ],
        "yes": _("Yes, throw it away"),
        "back_url": _url(draft.pk),
        "version": draft.version,
        "notice": notice,
        "crumbs": [*_crumbs(), (draft.name, _url(draft.pk)), (_("Throw away"), "")],
    }
    return render(request, "desk/confirm.html", context, status=status)


def _show(
    request: HttpRequest,
    actor: Actor,
    draft_id: UUID,
    *,
    adopt: AdoptForm | None = None,
    error: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    draft = read_draft(actor, draft_id)
    trial = trial_of(draft)
    result = result_of(request, actor, trial.finished) if trial.finished else None
    context = {
        "draft": draft,
        "trial": trial,
        "result": result,
        "changes": changes_in_words(text_of(draft), timezone.now()) if draft.state == "draft" else [],
        "faults": getattr(error, "faults", ()),
        "error": error,
        "has_errors": error is not None,
        "may_define": actor.may(DEFINE),
        "form": adopt or AdoptForm(initial={"version": draft.version, "when": "now", "time": "00:00"}),
        "may_adopt": draft.state == "draft"
        and trial.finished is not None
        and not trial.stale
        and not trial.is_active,
        "crumbs": _crumbs(draft.name),
    }
    return render(request, "sla/what_if/draft.html", context, status=status)


def _show_refused(
    request: HttpRequest, form: DraftForm, error: DraftError, draft: Any = None
) -> HttpResponse:
    for name, words in error.fields.items():
        form.add_error(name if name in form.fields else None, words)
    return _show_form(request, form, status=422, draft=draft, error=error)


def _show_form(
    request: HttpRequest,
    form: DraftForm,
    *,
    status: int,
    draft: Any = None,
    error: DomainError | None = None,
    theirs: Any = None,
) -> HttpResponse:
    last = _("Edit") if draft else _("New draft")
    context = {
        "form": form,
        "draft": draft,
        "theirs": theirs,
        "faults": getattr(error, "faults", ()),
        "crumbs": _crumbs(last),
        "title": last if draft is None else _("Edit “%(name)s”") % {"name": draft.name},
    }
    return render(request, "sla/what_if/form.html", context, status=status)


def _form(*data: Any, **rest: Any) -> DraftForm:
    return DraftForm(*data, services=service_choices(), providers=provider_choices(), **rest)


def _initial(draft: Any) -> dict[str, Any]:
    text = text_of(draft)
    return {
        "version": draft.version,
        "name": text.name,
        "document": text.document,
        "opened_from": text.opened_from,
        "opened_before": text.opened_before,
        "services": list(text.services),
        "providers": list(text.providers),
        "priorities": [str(priority) for priority in text.priorities],
    }


def _url(draft_id: UUID) -> str:
    return reverse("sla:what_if", args=[draft_id])


def _crumbs(*last: str) -> list[tuple[str, str]]:
    whole = (_("What if"), reverse("sla:what_ifs"))
    return [(_("Definitions"), "/admin/"), whole, *((name, "") for name in last)]
