"""Reporting a problem: one thing per page, a draft on the server, one incident at the end."""

from collections.abc import Mapping
from typing import Any, BinaryIO, cast
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from lifecycle.public import RuleError
from people.public import Actor, get_member
from portal.engine.journey import CHECK, first_missing, may_open, step_before
from portal.engine.lines import promise_in_words
from portal.queries.drafts import DraftView, get_draft, service_choices
from portal.queries.record import promise_of
from portal.services.drafts import UNKNOWN_SERVICE, add_draft_file, keep_answers, remove_draft_file
from portal.services.send_report import send_report
from portal.web.forms import CONTACT_EMAIL, CONTACT_PHONE, DetailsForm, ServiceForm, WhatForm, WhoForm
from portal.web.views.page import portal_page, show_refusal

_TYPED = "typed"


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def step(request: HttpRequest, actor: Actor, step: str) -> HttpResponse:
    """`/report/` and the pages after it: ask one thing, keep it, go on to what is still missing."""
    draft = _draft_of(request, actor)
    if draft is not None and draft.number:
        return HttpResponseRedirect(reverse("portal:report_done", args=[draft.number]))
    if draft is None and step != "what":
        return HttpResponseRedirect(reverse("portal:report_what"))
    if draft is not None and not may_open(step, draft.answers):
        return HttpResponseRedirect(_address(first_missing(draft.answers), draft.id))
    if step == "details" and draft is not None:
        return _details(request, actor, draft)
    answers = draft.answers.get(step, {}) if draft is not None else {}
    form = _form(step, actor, data=request.POST if request.method == "POST" else None, initial=answers)
    if request.method == "POST" and form.is_valid():
        saved = _save(step, form, form.cleaned_data, draft, actor)
        if saved is not None:
            return saved
    return _show(request, step, form, draft)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def check(request: HttpRequest, actor: Actor) -> HttpResponse:
    """`/report/check/`: the answers with links to change them; POST sends the report, once."""
    draft = _draft_of(request, actor)
    if draft is None:
        return HttpResponseRedirect(reverse("portal:report_what"))
    if not draft.number and not may_open(CHECK, draft.answers):
        return HttpResponseRedirect(_address(first_missing(draft.answers), draft.id))
    if request.method == "POST":
        try:
            number = send_report(draft_id=draft.id, actor=actor, at=timezone.now())
        except RuleError as refused:
            # An answer that was right when it was given is right no more: a service went, a person left.
            return _show_check(request, draft, status=422, problems=_problems(refused, draft))
        return HttpResponseRedirect(reverse("portal:report_done", args=[number]))
    if draft.number:
        return HttpResponseRedirect(reverse("portal:report_done", args=[draft.number]))
    return _show_check(request, draft)


@require_safe
@portal_page
def done(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """`/report/done/<number>/`: the reference, the promise, and what happens next."""
    record, promise = promise_of(actor, number, timezone.now())
    return render(
        request,
        "portal/report/done.html",
        {"record": record, "promise": promise_in_words(promise, record.kind)},
    )


def _details(request: HttpRequest, actor: Actor, draft: DraftView) -> HttpResponse:
    """Files are kept as soon as they arrive, so that a mistake elsewhere on the page loses none."""
    if request.method != "POST":
        form = DetailsForm(actor=actor, initial=draft.answers.get("details") or _suggested(actor, draft))
        return _show(request, "details", form, draft)
    if "remove" in request.POST:
        remove_draft_file(draft_id=draft.id, file_id=_uuid(request.POST["remove"]) or draft.id, actor=actor)
    # Files sent with their own button: what is missing elsewhere on the page is not a mistake yet.
    is_partial = "remove" in request.POST or "upload" in request.POST
    form = DetailsForm(request.POST, actor=actor, is_partial=is_partial)
    for reason in _keep_files(request, actor, draft):
        form.add_error("attachments", reason)
    if form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("contact_by", "phone")}
        if is_partial:
            keep_answers(draft_id=draft.id, step=_TYPED, answers=answers, actor=actor, at=timezone.now())
            return HttpResponseRedirect(_address("details", draft.id))
        saved = _save("details", form, answers | {"contact": _contact(answers, actor)}, draft, actor)
        if saved is not None:
            return saved
    return _show(request, "details", form, get_draft(actor, draft.id) or draft)


def _keep_files(request: HttpRequest, actor: Actor, draft: DraftView) -> list[str]:
    refused = []
    for file in request.FILES.getlist("attachments"):
        try:
            add_draft_file(
                draft_id=draft.id,
                name=file.name or "",
                content=cast("BinaryIO", file),
                actor=actor,
                at=timezone.now(),
            )
        except RuleError as error:
            refused.append(error.fields.get("files", error.message))
    return refused


def _save(
    step: str, form: forms.Form, answers: Mapping[str, Any], draft: DraftView | None, actor: Actor
) -> HttpResponse | None:
    """Keep a page's answers and go on; None when the service refused, with its reasons on the form."""
    try:
        kept = keep_answers(
            draft_id=draft.id if draft else None, step=step, answers=answers, actor=actor, at=timezone.now()
        )
    except RuleError as refused:
        show_refusal(form, refused)
        return None
    answered = (draft.answers if draft else {}) | {step: answers}
    return HttpResponseRedirect(_address(first_missing(answered), kept))


def _form(
    step: str, actor: Actor, *, data: Mapping[str, Any] | None, initial: Mapping[str, Any]
) -> WhatForm | WhoForm | ServiceForm:
    given: dict[str, Any] = {"data": data, "initial": dict(initial)}
    if step == "what":
        return WhatForm(**given)
    if step == "who":
        return WhoForm(**given, actor=actor)
    return ServiceForm(**given, services=service_choices())


def _show(request: HttpRequest, step: str, form: forms.Form, draft: DraftView | None) -> HttpResponse:
    before = step_before(step)
    if draft is not None and first_missing(draft.answers) == CHECK:
        back = _address(CHECK, draft.id)
    elif draft is not None and before:
        back = _address(before, draft.id)
    else:
        back = reverse("portal:home")
    context = {"form": form, "draft": draft, "back_url": back}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, f"portal/report/{step}.html", context, status=status)


def _show_check(
    request: HttpRequest,
    draft: DraftView,
    *,
    status: int = 200,
    problems: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    context = {
        "draft": draft,
        "rows": _rows(draft),
        "problems": problems or [],
        "has_errors": bool(problems),
        "back_url": _address("details", draft.id),
        "is_behalf": draft.answers["who"]["who"] == "behalf",
    }
    return render(request, "portal/report/check.html", context, status=status)


def _rows(draft: DraftView) -> list[dict[str, Any]]:
    """The answers as a summary list, each with the link that changes it."""
    answers = draft.answers
    services = {choice.code: choice.name for choice in service_choices()}
    service_form = ServiceForm(services=())
    words = {
        name: dict(service_form.fields[name].choices)  # type: ignore[attr-defined]
        for name in ("reach", "ability")
    }
    service, who = answers["service"], answers["who"]
    named = [
        ("what", gettext("What is the problem?"), answers["what"]["title"]),
        ("what", gettext("Tell us more"), linebreaksbr(answers["what"]["description"], autoescape=True)),
        ("who", gettext("Who has the problem?"), gettext("Me") if who["who"] == "me" else who["email"]),
        (
            "service",
            gettext("Which service does not work?"),
            gettext("I do not know")
            if service["service"] == UNKNOWN_SERVICE
            else services.get(service["service"], service["service"]),
        ),
        ("service", gettext("Who cannot work as usual?"), words["reach"][service["reach"]]),
        ("service", gettext("How much can they work?"), words["ability"][service["ability"]]),
        ("details", gettext("Files"), ", ".join(file.name for file in draft.files) or gettext("None")),
        ("details", gettext("How should we contact you?"), answers["details"]["contact"]),
    ]
    return [
        {
            "key": key,
            "value": value,
            "actions": [{"url": _address(step, draft.id), "text": gettext("Change")}],
        }
        for step, key, value in named
    ]


def _problems(refused: RuleError, draft: DraftView) -> list[tuple[str, str]]:
    """What a refused report stumbled over, and the page that mends it."""
    pages = {"title": "what", "service": "service", "requester": "who", "affected_user": "who"}
    words = {
        "service": gettext("The service you selected is not available any more. Select another one"),
        "who": gettext("The person you named is not here any more. Name somebody else"),
    }
    found = []
    for name, reason in (refused.fields or {"": refused.message}).items():
        page = pages.get(name, name if name in draft.answers else CHECK)
        found.append((words.get(page, reason), _address(page, draft.id)))
    return found


def _contact(answers: Mapping[str, str], actor: Actor) -> str:
    if answers["contact_by"] == CONTACT_PHONE:
        return gettext("By phone, on %(phone)s") % {"phone": answers["phone"]}
    return gettext("By email, to %(email)s") % {"email": actor.email}


def _suggested(actor: Actor, draft: DraftView) -> dict[str, str]:
    """What was typed on the page before, else the ways we know already."""
    if _TYPED in draft.answers:
        return dict(draft.answers[_TYPED])
    member = get_member(actor.membership_id) if actor.membership_id else None
    return {"contact_by": CONTACT_EMAIL, "phone": member.phone if member else ""}


def _draft_of(request: HttpRequest, actor: Actor) -> DraftView | None:
    key = _uuid(request.GET.get("journey", ""))
    return get_draft(actor, key) if key else None


def _address(step: str, draft_id: UUID) -> str:
    return f"{reverse(f'portal:report_{step}')}?{urlencode({'journey': draft_id})}"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
