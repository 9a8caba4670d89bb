"""Deciding about what others ask for, and letting somebody decide in one's stead."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from approvals.public import (
    approve,
    ask,
    delegate,
    delegations_of,
    end_delegation,
    hand_on,
    level_lines,
    reject,
)
from catalogue.public import price_in_words
from design.forms import GovukForm
from design.languages import content_language
from doors.engine.keyset import CursorError
from lifecycle.public import IllegalStepError, RuleError, StaleVersionError
from people.public import Actor
from portal.engine.delegations import standing_lines
from portal.queries.approvals import TABS, ApprovalPage, approval_page, approvals_page
from portal.queries.lines import menu_counts
from portal.web.forms.approvals import AskForm, DecisionForm, DelegationForm, HandOnForm
from portal.web.views.page import portal_page, show_refusal, today


@require_safe
@portal_page
def approval_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """`/approvals/?tab=`: what waits for one's decision, the longest first; and what one decided."""
    asked = request.GET.get("tab", "")
    tab = asked if asked in TABS else TABS[0]
    address = reverse("portal:approvals")
    try:
        page = approvals_page(actor, timezone.now(), tab=tab, cursor=request.GET.get("cursor", ""))
    except CursorError:
        return redirect(f"{address}?tab={tab}")
    labels = {"waiting": gettext("Waiting for you"), "decided": gettext("Decided by you")}
    waiting = menu_counts(actor, today(request, actor))["approvals"]
    context = {
        "tab": tab,
        "tabs": [
            {
                "label": labels[name],
                "url": f"{address}?tab={name}",
                "current": name == tab,
                "count": (waiting or None) if name == "waiting" else None,
            }
            for name in TABS
        ],
        "lines": level_lines(page.lines),
        "next_url": page.next_cursor and f"{address}?{urlencode({'tab': tab, 'cursor': page.next_cursor})}",
        "previous_url": page.previous_cursor
        and f"{address}?{urlencode({'tab': tab, 'cursor': page.previous_cursor})}",
    }
    return render(request, "portal/approvals/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def approval(request: HttpRequest, actor: Actor, approval_id: UUID) -> HttpResponse:
    """`/approvals/<id>/`: what is asked for; a decision is only ever sent, so that no mail scanner makes one."""
    if request.method != "POST":
        return _show(request, actor, approval_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _show(request, actor, approval_id, form=form, status=422)
    given = form.cleaned_data
    act = approve if given["decision"] == "approved" else reject
    try:
        act(
            approval_id=approval_id,
            reason=given["reason"],
            actor=actor,
            at=timezone.now(),
            seen_version=given["version"],
        )
    except (StaleVersionError, IllegalStepError) as late:
        return _show(request, actor, approval_id, status=409, news=late.message, typed=given)
    except RuleError as refused:
        show_refusal(form, refused)
        return _show(request, actor, approval_id, form=form, status=422)
    done = gettext("You approved it") if given["decision"] == "approved" else gettext("You rejected it")
    messages.success(request, done)
    return redirect("portal:approvals")


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def approval_ask(request: HttpRequest, actor: Actor, approval_id: UUID) -> HttpResponse:
    """Ask something before deciding."""
    form = AskForm(request.POST if request.method == "POST" else None)
    return _step(
        request,
        actor,
        approval_id,
        form=form,
        template="ask",
        act=lambda at: ask(approval_id=approval_id, actor=actor, at=at, **form.cleaned_data),
        done=gettext("Your question has been sent"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def approval_hand_on(request: HttpRequest, actor: Actor, approval_id: UUID) -> HttpResponse:
    """Let somebody else decide this one."""
    form = HandOnForm(request.POST if request.method == "POST" else None)
    return _step(
        request,
        actor,
        approval_id,
        form=form,
        template="hand_on",
        act=lambda at: hand_on(approval_id=approval_id, to=form.cleaned_data["email"], actor=actor, at=at),
        done=gettext("They have been asked to decide instead of you"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def delegations(request: HttpRequest, actor: Actor) -> HttpResponse:
    """`/account/delegations/`: who decides in one's stead, and for whom one does."""
    form = DelegationForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            delegate(
                to=given["delegate"],
                first_day=given["first_day"],
                last_day=given["last_day"],
                actor=actor,
                at=timezone.now(),
            )
        except RuleError as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, gettext("They decide for you on these days"))
            return redirect("portal:delegations")
    given_away, taken_on = standing_lines(delegations_of(actor), actor.membership_id, today(request, actor))
    context = {"form": form, "given_away": given_away, "taken_on": taken_on}
    return render(request, "portal/approvals/delegations.html", context, status=422 if form.errors else 200)


@require_POST
@portal_page
def delegation_end(request: HttpRequest, actor: Actor, delegation_id: UUID) -> HttpResponse:
    """Take a delegation back."""
    end_delegation(delegation_id=delegation_id, actor=actor, at=timezone.now())
    messages.success(request, gettext("They do not decide for you any more"))
    return redirect("portal:delegations")


def _step(
    request: HttpRequest,
    actor: Actor,
    approval_id: UUID,
    *,
    form: GovukForm,
    template: str,
    act: Callable[[datetime], object],
    done: str,
) -> HttpResponse:
    """A page with one question, whose answer takes the step."""
    page = approval_page(actor, approval_id, content_language(), timezone.now())
    if form.is_bound and form.is_valid():
        try:
            act(timezone.now())
        except IllegalStepError as late:
            return _show(request, actor, approval_id, status=409, news=late.message)
        except RuleError as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, done)
            return redirect("portal:approval", approval_id=approval_id)
    context = {"form": form, "page": page, "record": page.record}
    status = 422 if form.errors else 200
    return render(request, f"portal/approvals/{template}.html", context, status=status)


def _show(
    request: HttpRequest,
    actor: Actor,
    approval_id: UUID,
    *,
    form: DecisionForm | None = None,
    status: int = 200,
    news: str = "",
    typed: dict[str, Any] | None = None,
) -> HttpResponse:
    page: ApprovalPage = approval_page(actor, approval_id, content_language(), timezone.now())
    if form is None:
        form = DecisionForm(initial=(typed or {}) | {"version": page.level.version})
    context = {
        "page": page,
        "record": page.record,
        "form": form,
        "news": news,
        "price": price_in_words(page.unit_price, page.period, page.quantity),
        "levels": level_lines(page.levels),
        "typed": (typed or {}).get("reason", ""),
    }
    return render(request, "portal/approvals/approval.html", context, status=status)
