"""Disputes: the list, one with both sides and both figures, and withdrawing."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doors.engine.keyset import Order
from doors.engine.statuses import status_of
from doors.web.views import actor_of, cursor_links, page_at, page_for
from lifecycle.public import DomainError, IllegalStepError, StaleVersionError
from people.public import Actor
from records.public import kind_of
from sla.queries.dispute_words import party_choices, party_words, state_words
from sla.queries.disputes import both_figures, disputes, following, get_dispute, may_follow, may_rule
from sla.services.settle import withdraw_dispute
from sla.web.forms.disputes import RulingForm, at_in_parts

NEWEST_FIRST = Order("id")


@require_safe
@page_for("desk:use")
def dispute_list(request: HttpRequest) -> HttpResponse:
    """The disputes that the actor may see, newest first. A cursor that is not of this list starts at the top."""
    rows, states = disputes(actor_of(request)), state_words()
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
    return show_dispute(request, dispute_id)


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
        return show_dispute(request, dispute_id, error=error)
    messages.success(request, _("The dispute was withdrawn."))
    return HttpResponseRedirect(reverse("disputes:dispute", args=[dispute_id]))


def show_dispute(
    request: HttpRequest,
    dispute_id: UUID,
    *,
    form: RulingForm | None = None,
    error: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a dispute, with the ruling as it was typed and what refused it, where there is such."""
    actor, now = actor_of(request), timezone.now()
    dispute = get_dispute(actor, dispute_id)
    followed_by = following(actor, dispute)
    is_open = dispute.state == "raised"
    typed = form if form is not None and not is_open else None
    if is_open and form is None:
        form = ruling_form(dispute)
    is_own = dispute.raised_by_id is not None and dispute.raised_by_id == actor.membership_id
    context = {
        "dispute": dispute,
        "record_url": f"/desk/{kind_of(dispute.record.kind).feed}/{dispute.record.number}/",
        "state": state_words()[dispute.state],
        "claimed": party_words(dispute.claimed_kind, dispute.claimed_group),
        "ruled": party_words(dispute.ruled_kind, dispute.ruled_group),
        "figures": both_figures(dispute, now, is_whole=may_rule(actor)),
        "followed_by": followed_by,
        "may_follow": may_follow(actor, dispute, followed_by, at=now),
        "form": form if is_open and may_rule(actor) and not is_own else None,
        "typed": typed,
        "error": error,
        "may_withdraw": is_open and _may_withdraw(actor, dispute),
        "crumbs": [(_("Disputes"), reverse("disputes:list")), (dispute.record.number, "")],
    }
    return render(request, "sla/disputes/dispute.html", context, status=status_of(error) if error else status)


def _may_withdraw(actor: Actor, dispute: Any) -> bool:
    return actor.may("sla:contest") and actor.provider_id == dispute.provider_id


def ruling_form(dispute: Any, data: Any = None) -> RulingForm:
    """How a dispute may be ruled, first as what was contested; `data` is what was typed."""
    is_verdict = dispute.started_at is None
    initial: dict[str, Any] = {"version": dispute.version}
    if not is_verdict:
        initial |= at_in_parts("started", dispute.started_at) | at_in_parts("ended", dispute.ended_at)
    return RulingForm(
        data, initial=initial, parties=party_choices(dispute.provider_id), is_verdict=is_verdict
    )
