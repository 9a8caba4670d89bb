"""Disputes: the list, one with both sides and both figures, contesting, withdrawing and ruling."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doors.engine.keyset import Order
from doors.engine.statuses import status_of
from doors.web.views import actor_of, cursor_links, page_at, page_for
from lifecycle.public import DomainError, IllegalStepError, NotFoundError, RuleError, StaleVersionError
from people.public import Actor
from records.public import get_record
from sla.queries.disputes import (
    both_figures,
    disputes,
    following,
    get_dispute,
    may_follow,
    may_rule,
    parties_but,
)
from sla.services.contest import Contest, contest
from sla.services.rule import Decision, rule_dispute
from sla.services.settle import withdraw_dispute
from sla.web.forms.disputes import ContestForm, RulingForm, at_in_parts

NEWEST_FIRST = Order("id")


@require_safe
@page_for("desk:use")
def dispute_list(request: HttpRequest) -> HttpResponse:
    """The disputes that the actor may see, newest first. A cursor that is not of this list starts at the top."""
    rows, states = disputes(actor_of(request)), _states()
    state = asked if (asked := request.GET.get("state", "")) in states else ""
    if state:
        rows = rows.filter(state=state)
    page = page_at(request, rows, NEWEST_FIRST)
    context = {
        "rows": [(row, states[row.state]) for row in page.rows],
        "filters": [
            (label, f"?{urlencode({'state': name})}" if name else "?", name == state)
            for name, label in {"": _("All"), **states}.items()
        ],
        "state": state,
        "crumbs": [(_("Disputes"), "")],
    }
    return render(request, "sla/disputes/list.html", context | cursor_links(request, page))


@require_safe
@page_for("desk:use")
def dispute_page(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """One dispute: both sides, and the record's figures as measured and as ruled."""
    return _show(request, dispute_id)


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
    options: dict[str, Any] = {"parties": _parties(actor.provider_id), "is_verdict": bool(target)}
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
        **({"target": target, "matched_at": matched_at} if target else _prefixed(form.stretch(), "claimed")),
    )
    try:
        made = contest(said=said, actor=actor, at=timezone.now())
    except RuleError as error:
        form.refuse(error.fields, error.message)
        other = get_dispute(actor, UUID(found)) if (found := error.extra().get("dispute")) else None
        return _show_contest(request, record, form, target, first, other=other, status=422)
    messages.success(request, _("You contested it. Service management will rule."))
    return HttpResponseRedirect(_url(made.pk))


@require_POST
@page_for("sla:contest")
def dispute_withdraw(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """Take a dispute back."""
    seen = request.POST.get("version", "")
    try:
        withdraw_dispute(
            dispute_id=dispute_id,
            seen_version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0,
            actor=actor_of(request),
            at=timezone.now(),
        )
    except (StaleVersionError, IllegalStepError) as error:
        return _show(request, dispute_id, error=error)
    messages.success(request, _("The dispute was withdrawn."))
    return HttpResponseRedirect(_url(dispute_id))


@require_POST
@page_for("sla:rule")
def dispute_rule(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """Rule on a dispute. What was typed stays when it is refused, or when somebody else was faster."""
    actor = actor_of(request)
    dispute = get_dispute(actor, dispute_id)
    form = _ruling_form(dispute, request.POST)
    if not form.is_valid():
        return _show(request, dispute_id, form=form, status=422)
    chosen = form.cleaned_data["decision"]
    stretch: dict[str, Any] = {}
    if dispute.started_at is not None and chosen != "rejected":
        stretch = _prefixed(form.stretch(), "ruled")
        if chosen == "upheld":
            stretch |= {"started_at": None, "ended_at": None}
        elif stretch["started_at"] is None and stretch["ended_at"] is None:
            form.add_error("started_date", _("Say which part of the time you uphold."))
            return _show(request, dispute_id, form=form, status=422)
    try:
        rule_dispute(
            dispute_id=dispute_id,
            decision=Decision(
                decision="upheld" if chosen == "part" else chosen,
                reasons=form.cleaned_data["reasons"],
                **stretch,
            ),
            seen_version=form.cleaned_data["version"],
            actor=actor,
            at=timezone.now(),
        )
    except RuleError as error:
        form.refuse(error.fields, error.message)
        return _show(request, dispute_id, form=form, status=422)
    except (StaleVersionError, IllegalStepError) as error:
        return _show(request, dispute_id, form=form, error=error)
    messages.success(request, _("You ruled on the dispute. Figures follow within moments."))
    return HttpResponseRedirect(_url(dispute_id))


def _show(
    request: HttpRequest,
    dispute_id: UUID,
    *,
    form: RulingForm | None = None,
    error: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    dispute = get_dispute(actor, dispute_id)
    followed_by = following(actor, dispute)
    is_open = dispute.state == "raised"
    typed = form if form is not None and not is_open else None
    if is_open and form is None:
        form = _ruling_form(dispute)
    is_own = dispute.raised_by_id is not None and dispute.raised_by_id == actor.membership_id
    context = {
        "dispute": dispute,
        "state": _states()[dispute.state],
        "claimed": _party(dispute.claimed_kind, dispute.claimed_group),
        "ruled": _party(dispute.ruled_kind, dispute.ruled_group),
        "figures": both_figures(dispute, now),
        "followed_by": followed_by,
        "may_follow": may_follow(actor, dispute, followed_by, at=now),
        "form": form if is_open and may_rule(actor) and not is_own else None,
        "typed": typed,
        "error": error,
        "may_withdraw": is_open and _may_withdraw(actor, dispute),
        "crumbs": [(_("Disputes"), reverse("disputes:list")), (dispute.record.number, "")],
    }
    return render(request, "sla/disputes/dispute.html", context, status=status_of(error) if error else status)


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
    incident = reverse("desk:incident", args=[record.number])
    context = {
        "form": form,
        "record": record,
        "target": target,
        "first": first,
        "other": other,
        "incident_url": incident,
        "title": _("Contest a verdict") if target else _("Contest custody"),
        "crumbs": [
            (_("Incidents"), reverse("desk:incident_list")),
            (record.number, incident),
            (_("Contest"), ""),
        ],
    }
    return render(request, "sla/disputes/contest.html", context, status=status)


def _may_withdraw(actor: Actor, dispute: Any) -> bool:
    return actor.may("sla:contest") and actor.provider_id == dispute.provider_id


def _ruling_form(dispute: Any, data: Any = None) -> RulingForm:
    is_verdict = dispute.started_at is None
    initial: dict[str, Any] = {"version": dispute.version}
    if not is_verdict:
        initial |= at_in_parts("started", dispute.started_at) | at_in_parts("ended", dispute.ended_at)
    return RulingForm(data, initial=initial, parties=_parties(dispute.provider_id), is_verdict=is_verdict)


def _prefixed(stretch: dict[str, Any], word: str) -> dict[str, Any]:
    kind, group = stretch.pop("kind"), stretch.pop("group")
    return stretch | {f"{word}_kind": kind, f"{word}_group": group}


def _first_asked(actor: Actor, record: Any, text: str) -> Any:
    """The dispute about the record that is followed; None where none is named. Raises NotFoundError."""
    if not text:
        return None
    try:
        found = get_dispute(actor, UUID(text))
    except ValueError:
        found = None
    if found is None or found.record_id != record.pk or found.provider_id != actor.provider_id:
        raise NotFoundError("There is no such dispute.")
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


def _states() -> dict[str, str]:
    return {
        "raised": _("Open"),
        "upheld": _("Upheld"),
        "rejected": _("Rejected"),
        "withdrawn": _("Withdrawn"),
    }


def _party(kind: str, group: Any) -> str:
    return f"{group.name}" if group else _kinds().get(kind, "")


def _kinds() -> dict[str, str]:
    return {
        "requester": _("The requester"),
        "unassigned": _("Nobody: it was no party’s fault"),
        "wire": _("The wire between the systems"),
    }


def _parties(provider: UUID | None) -> list[tuple[str, str]]:
    groups = [(f"group:{code}", f"{name}, {owner}") for code, name, owner in parties_but(provider)]
    return [*_kinds().items(), *groups]


def _url(dispute_id: UUID) -> str:
    return reverse("disputes:dispute", args=[dispute_id])
