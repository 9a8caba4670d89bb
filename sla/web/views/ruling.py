"""Ruling on a dispute in steps that need no script: type, look at what it would change, rule."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from design.clocks import percent_words
from doors.web.views import actor_of, page_for
from lifecycle.public import IllegalStepError, RuleError, StaleVersionError
from sla.queries.dispute_words import party_words
from sla.queries.disputes import get_dispute
from sla.queries.ruling_changes import changes_by
from sla.services.rule import Decision, RulingPreview, preview_ruling, rule_dispute
from sla.web.forms.disputes import RulingForm
from sla.web.views.disputes import ruling_form, show_dispute


@require_POST
@page_for("sla:rule")
def dispute_rule(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """Rule on a dispute, once it was looked at what that changes.

    What was typed stays when it is refused, or when somebody else was faster.
    """
    actor, now = actor_of(request), timezone.now()
    dispute = get_dispute(actor, dispute_id)
    form = ruling_form(dispute, request.POST)
    if not form.is_valid():
        return show_dispute(request, dispute_id, form=form, status=422)
    if request.POST.get("step") == "change":
        return show_dispute(request, dispute_id, form=form)
    asked: dict[str, Any] = {
        "dispute_id": dispute_id,
        "decision": _decision(form, is_stretch=dispute.started_at is not None),
        "seen_version": form.cleaned_data["version"],
        "actor": actor,
        "at": now,
    }
    try:
        if request.POST.get("step") != "rule":
            return _show_preview(request, preview_ruling(**asked))
        rule_dispute(**asked)
    except RuleError as error:
        form.refuse(error.fields, error.message)
        return show_dispute(request, dispute_id, form=form, status=422)
    except (StaleVersionError, IllegalStepError) as error:
        return show_dispute(request, dispute_id, form=form, error=error)
    messages.success(request, _("You ruled on the dispute. Figures follow within moments."))
    return HttpResponseRedirect(reverse("disputes:dispute", args=[dispute_id]))


def _decision(form: RulingForm, *, is_stretch: bool) -> Decision:
    chosen = form.cleaned_data["decision"]
    stretch: dict[str, Any] = {}
    if is_stretch and chosen != "rejected":
        stretch = form.stretch("ruled")
        if chosen == "upheld":
            stretch |= {"started_at": None, "ended_at": None}
    decision = "upheld" if chosen == "part" else chosen
    return Decision(decision=decision, reasons=form.cleaned_data["reasons"], **stretch)


def _show_preview(request: HttpRequest, preview: RulingPreview) -> HttpResponse:
    dispute, changes = preview.dispute, changes_by(preview.before, preview.after)
    context = {
        "dispute": dispute,
        "is_upheld": dispute.state == "upheld",
        "changes": changes,
        "custody": [
            (each, percent_words(each.share_before), percent_words(each.share_after))
            for each in changes.custody
        ],
        "ruled": party_words(dispute.ruled_kind, dispute.ruled_group),
        "typed": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in ("step", "csrfmiddlewaretoken")
        ],
        "crumbs": [
            (_("Disputes"), reverse("disputes:list")),
            (dispute.record.number, reverse("disputes:dispute", args=[dispute.pk])),
            (_("Check what it changes"), ""),
        ],
    }
    return render(request, "sla/disputes/preview.html", context)
