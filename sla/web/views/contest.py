"""Contesting a stretch of custody or a verdict, from the record that it is about."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doors.web.views import actor_of, page_for
from lifecycle.public import NotFoundError, RuleError
from people.public import Actor
from records.public import get_record, kind_of
from sla.queries.dispute_words import party_choices
from sla.queries.disputes import get_dispute
from sla.services.contest import Contest, contest
from sla.web.forms.disputes import ContestForm, at_in_parts


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("sla:contest")
def contest_record(request: HttpRequest, number: str) -> HttpResponse:
    """Contest a stretch (`?from=&to=`, Unix time) or a verdict (`?clock=code@matched`) of a record.

    `?follows=` names the dispute that was ruled, and gives what is contested where that is not said.
    """
    actor = actor_of(request)
    record = get_record(actor, number)
    first = _first_asked(actor, record, request.GET.get("follows", ""))
    target, matched_at = _clock_asked(request.GET.get("clock", ""))
    if first is not None and first.target_version is not None:
        target, matched_at = first.target_version.target.code, first.matched_at
    options: dict[str, Any] = {"parties": party_choices(actor.provider_id), "is_verdict": bool(target)}
    if request.method != "POST":
        form = ContestForm(initial=_stretch_of(first) or _stretch_asked(request), **options)
        return _show_contest(request, record, form, target, first)
    form = ContestForm(request.POST, **options)
    if not form.is_valid():
        return _show_contest(request, record, form, target, first, status=422)
    said = Contest(
        number=record.number,
        grounds=form.cleaned_data["grounds"],
        evidence=form.cleaned_data["evidence"],
        follows=first.pk if first else None,
        **({"target": target, "matched_at": matched_at} if target else form.stretch("claimed")),
    )
    try:
        made = contest(said=said, actor=actor, at=timezone.now())
    except RuleError as error:
        form.refuse(error.fields, error.message)
        other = get_dispute(actor, UUID(found)) if (found := error.extra().get("dispute")) else None
        return _show_contest(request, record, form, target, first, other=other, status=422)
    messages.success(request, _("You contested it. Service management will rule."))
    return HttpResponseRedirect(reverse("disputes:dispute", args=[made.pk]))


def _show_contest(
    request: HttpRequest,
    record: Any,
    form: ContestForm,
    target: str,
    first: Any,
    *,
    other: Any = None,
    status: int = 200,
) -> HttpResponse:
    """The form; `first` is the ruled dispute that is followed, `other` the one that stands in the way."""
    address = f"/desk/{kind_of(record.kind).feed}/{record.number}/"
    context = {
        "form": form,
        "record": record,
        "target": target,
        "first": first,
        "other": other,
        "record_url": address,
        "title": _("Contest a verdict") if target else _("Contest custody"),
        "crumbs": [
            (record.number, address),
            (_("Contest"), ""),
        ],
    }
    return render(request, "sla/disputes/contest.html", context, status=status)


def _first_asked(actor: Actor, record: Any, text: str) -> Any:
    """The dispute about the record that is followed; None where none is named. Raises NotFoundError."""
    if not text:
        return None
    try:
        found = get_dispute(actor, UUID(text))
    except ValueError:
        found = None
    if found is None or found.record_id != record.pk or found.provider_id != actor.provider_id:
        raise NotFoundError(gettext("There is no such dispute."))
    return found


def _stretch_of(first: Any) -> dict[str, Any]:
    if first is None or first.started_at is None:
        return {}
    return at_in_parts("started", first.started_at) | at_in_parts("ended", first.ended_at)


def _clock_asked(text: str) -> tuple[str, datetime | None]:
    code, _at, matched = text.partition("@")
    return code, _moment(matched)


def _stretch_asked(request: HttpRequest) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, word in (("started", "from"), ("ended", "to")):
        at = _moment(request.GET.get(word, ""))
        if at is not None:
            found |= at_in_parts(name, at)
    return found


def _moment(text: str) -> datetime | None:
    """Unix time; None for anything else."""
    is_number = text.isascii() and text.isdigit() and len(text) < 11
    return datetime.fromtimestamp(int(text), UTC) if is_number else None
