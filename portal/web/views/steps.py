"""What a requester does with a report. Each step is a POST, and leads back to the report."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from lifecycle.public import IllegalStepError, NotFoundError, RuleError, StaleVersionError
from people.public import Actor
from portal.lifecycle import NEWS, WORDING, Wording
from portal.queries.record import own_record, record_page
from portal.services.respond import (
    add_files,
    add_watcher,
    cancel_report,
    confirm_fix,
    remove_watcher,
    reopen_report,
    reply,
)
from portal.web.forms import (
    CancelForm,
    ConfirmForm,
    FilesForm,
    ReopenForm,
    ReplyForm,
    VersionedForm,
    WatcherForm,
)
from portal.web.views.page import portal_page, show_refusal
from portal.web.views.records import show_record


@require_POST
@portal_page
def record_reply(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Send a reply; with 409 and the text kept when somebody said something first."""
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return show_record(request, actor, number, status=422, reply_form=form, form=form)
    try:
        reply(number=number, actor=actor, at=timezone.now(), **_given(form, "body"))
    except StaleVersionError as stale:
        return _show_conflict(request, actor, number, form, stale)
    except RuleError as refused:
        show_refusal(form, refused)
        return show_record(request, actor, number, status=422, reply_form=form, form=form)
    messages.success(request, gettext("Your reply has been sent"))
    return redirect("portal:record", number=number)


@require_POST
@portal_page
def record_confirm(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """It is fixed."""
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return show_record(request, actor, number, status=422)
    try:
        confirm_fix(number=number, actor=actor, at=timezone.now(), **_given(form))
    except StaleVersionError as stale:
        return _show_conflict(request, actor, number, None, stale)
    messages.success(request, str(_words(actor, number).confirmed))
    return redirect("portal:record", number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def record_reopen(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """It is not fixed: ask what is still wrong."""
    form = ReopenForm(request.POST if request.method == "POST" else None)
    return _decide(
        request,
        actor,
        number,
        form=form,
        step="reopen",
        act=lambda at: reopen_report(number=number, actor=actor, at=at, **_given(form, "body")),
        done="reopened",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def record_cancel(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The report is not wanted any more: ask why."""
    form = CancelForm(request.POST if request.method == "POST" else None)
    return _decide(
        request,
        actor,
        number,
        form=form,
        step="cancel",
        act=lambda at: cancel_report(number=number, actor=actor, at=at, **_given(form, "reason")),
        done="cancelled",
    )


@require_POST
@portal_page
def record_files(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Put files on the report; those that are refused are named, the others are kept."""
    form = FilesForm(request.POST, request.FILES)
    if form.is_valid():
        files = [(file.name, file) for file in form.cleaned_data["attachments"]]
        try:
            refused = add_files(number=number, files=files, actor=actor, at=timezone.now())
        except RuleError as error:
            refused = list(error.fields.values())
        for reason in refused:
            form.add_error("attachments", reason)
    if form.errors:
        return show_record(request, actor, number, status=422, files_form=form, form=form)
    messages.success(
        request, gettext("Your files have been added. We check each one before anyone can open it")
    )
    return redirect("portal:record", number=number)


@require_POST
@portal_page
def record_watchers(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Let a colleague follow the report, or end somebody's following."""
    if "remove" in request.POST:
        return _stop(request, actor, number)
    form = WatcherForm(request.POST)
    if form.is_valid():
        try:
            add_watcher(number=number, email=form.cleaned_data["email"], actor=actor, at=timezone.now())
        except RuleError as refused:
            show_refusal(form, refused)
    if form.errors:
        return show_record(request, actor, number, status=422, watcher_form=form, form=form)
    messages.success(request, gettext("Your colleague can follow this now"))
    return redirect("portal:record", number=number)


def _words(actor: Actor, number: str) -> Wording:
    return WORDING[own_record(actor, number).kind]


def _stop(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    try:
        member = UUID(request.POST["remove"])
    except ValueError as error:
        raise NotFoundError(gettext("There is no such person.")) from error
    remove_watcher(number=number, membership_id=member, actor=actor, at=timezone.now())
    try:
        record_page(actor, number, timezone.now())
    except NotFoundError:
        messages.success(request, gettext("You do not follow %(number)s any more") % {"number": number})
        return redirect("portal:record_list")
    messages.success(request, gettext("They do not follow this any more"))
    return redirect("portal:record", number=number)


def _decide(
    request: HttpRequest,
    actor: Actor,
    number: str,
    *,
    form: VersionedForm,
    step: str,
    act: Callable[[datetime], object],
    done: str,
) -> HttpResponse:
    """A page with one question, whose answer takes the step."""
    page = record_page(actor, number, timezone.now())
    if form.is_bound and form.is_valid():
        try:
            act(timezone.now())
        except StaleVersionError as stale:
            return _show_conflict(request, actor, number, form, stale)
        except RuleError as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, getattr(WORDING[page.record.kind], done))
            return redirect("portal:record", number=number)
    elif step not in page.decisions:
        raise IllegalStepError(
            gettext("This is not possible now."),
            state=page.record.state,
            action=step,
            allowed=tuple(page.decisions),
        )
    if not form.is_bound:
        form = type(form)(initial={"version": page.record.version})
    status = 422 if form.is_bound else 200
    context = {"form": form, "record": page.record, "words": WORDING[page.record.kind]}
    return render(request, f"portal/{step}.html", context, status=status)


def _show_conflict(
    request: HttpRequest, actor: Actor, number: str, form: VersionedForm | None, stale: StaleVersionError
) -> HttpResponse:
    """What the others did, and one's own text ready to be sent again on top of it."""
    news = [
        {"text": NEWS[change["verb"]] % {"name": change["by"]}, "at": datetime.fromisoformat(change["at"])}
        for change in stale.changes
        if change["verb"] in NEWS
    ]
    changed: dict[str, Any] = {"news": news}
    if form is not None:
        typed = str(form.cleaned_data.get("body") or form.cleaned_data.get("reason") or "")
        changed["typed"] = typed
        changed["reply_form"] = ReplyForm(initial={"version": stale.current, "body": typed})
    return show_record(request, actor, number, status=409, **changed)


def _given(form: VersionedForm, *names: str) -> dict[str, Any]:
    """The services' keyword arguments from a valid form."""
    return {name: form.cleaned_data[name] for name in names} | {"seen_version": form.cleaned_data["version"]}
