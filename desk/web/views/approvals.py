"""What waits for somebody's approval, and asking somebody else where it stalls."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from approvals.public import (
    asked_approvals,
    assign_approver,
    get_approval,
    level_lines,
    oversees,
    views_of,
)
from desk.engine.kinds import address_of
from desk.web.forms import AssignApproverForm
from desk.web.views.access import actor_of
from doors.engine.keyset import Order
from doors.web.views import add_errors, cursor_links, page_at, page_for
from lifecycle.public import ForbiddenError, IllegalStepError, RuleError, StaleVersionError

READ, ASSIGN = "approval:read", "approval:assign"
LONGEST_FIRST = Order("asked_at", is_descending=False)
LIMIT = 50


@require_safe
@page_for(READ)
def approval_list(request: HttpRequest) -> HttpResponse:
    """`/desk/approvals/`: every level that is asked, the longest first."""
    actor = actor_of(request)
    page = page_at(request, asked_approvals(actor), LONGEST_FIRST, limit=LIMIT)
    levels = views_of(page.rows)
    lines = [(line, address_of("request", line.number)) for line in level_lines(levels)]
    context = {
        "lines": lines,
        "may_assign": actor.may(ASSIGN),
        "crumbs": [(gettext("Approvals"), "")],
    }
    return render(request, "desk/approvals/list.html", context | cursor_links(request, page))


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(ASSIGN)
def assign(request: HttpRequest, approval_id: UUID) -> HttpResponse:
    """Ask somebody more at a level, and say why."""
    actor = actor_of(request)
    if not oversees(actor):
        raise ForbiddenError(gettext("This page needs a permission that your roles do not carry."))
    approval = get_approval(actor, approval_id, timezone.now())
    form = AssignApproverForm(
        request.POST if request.method == "POST" else None, initial={"version": approval.version}
    )
    status, notice = 200, ""
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            assign_approver(
                approval_id=approval_id,
                email=given["email"],
                reason=given["reason"],
                actor=actor,
                at=timezone.now(),
                seen_version=given["version"],
            )
        except (StaleVersionError, IllegalStepError) as late:
            approval = get_approval(actor, approval_id, timezone.now())
            data = request.POST.copy()
            data["version"] = str(approval.version)
            form, status, notice = AssignApproverForm(data), 409, late.message
        except RuleError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, gettext("They have been asked."))
            return redirect(address_of("request", approval.record.number))
    (line,) = level_lines(views_of([approval]))
    context = {
        "form": form,
        "line": line,
        "notice": notice,
        "back_url": address_of("request", line.number),
        "crumbs": [
            (gettext("Approvals"), reverse("desk:approvals")),
            (line.number, address_of("request", line.number)),
            (gettext("Ask somebody else"), ""),
        ],
    }
    shown = 422 if form.errors and status == 200 else status
    return render(request, "desk/approvals/assign.html", context, status=shown)
