"""What a contract costs and what is owed under it, on pages: one form each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from design.forms import DeskForm
from doors.web.views import actor_of, add_errors, page_for
from lifecycle.public import RuleError
from suppliers.policy import DEFINE
from suppliers.queries.contracts import get_contract
from suppliers.queries.duties import charges_of, obligations_of
from suppliers.services.duties import (
    add_charge,
    add_obligation,
    change_renewal,
    end_duty,
    meet_obligation,
)
from suppliers.web.forms.duties import ChargeForm, EndForm, MetForm, ObligationForm, RenewalForm


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def new_charge(request: HttpRequest, code: str) -> HttpResponse:
    """Another charge."""

    def save(contract: Any, given: dict[str, Any]) -> str:
        add_charge(contract=contract, actor=actor_of(request), **given)
        return gettext("The charge was written down.")

    return _form(request, code, gettext("New charge"), ChargeForm, save, {"every": "month"})


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def new_obligation(request: HttpRequest, code: str) -> HttpResponse:
    """Another obligation."""

    def save(contract: Any, given: dict[str, Any]) -> str:
        add_obligation(contract=contract, actor=actor_of(request), **given)
        return gettext("The obligation was written down.")

    initial = {"owed_by": "provider", "every": "month"}
    return _form(request, code, gettext("New obligation"), ObligationForm, save, initial)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def renewal(request: HttpRequest, code: str) -> HttpResponse:
    """When the contract ends, and what then."""

    def save(contract: Any, given: dict[str, Any]) -> str:
        change_renewal(contract=contract, actor=actor_of(request), **given)
        return gettext("The contract was changed.")

    row = get_contract(actor_of(request), code)
    initial = {name: getattr(row, name) for name in RenewalForm.base_fields}
    return _form(request, code, gettext("End and renewal"), RenewalForm, save, initial)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def met(request: HttpRequest, code: str, duty: UUID) -> HttpResponse:
    """What was owed by a day was done."""

    def save(contract: Any, given: dict[str, Any]) -> str:
        meet_obligation(contract=contract, key=duty, actor=actor_of(request), at=timezone.now(), **given)
        return gettext("It is noted as met.")

    found = _named(request, code, duty)
    initial = {"due_date": request.GET.get("day", "")}
    return _form(request, code, gettext("Met: %(name)s") % {"name": found}, MetForm, save, initial)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def end(request: HttpRequest, code: str, duty: UUID) -> HttpResponse:
    """A charge or an obligation has a last day."""

    def save(contract: Any, given: dict[str, Any]) -> str:
        end_duty(contract=contract, key=duty, actor=actor_of(request), **given)
        return gettext("The last day was written down.")

    found = _named(request, code, duty)
    return _form(request, code, gettext("End: %(name)s") % {"name": found}, EndForm, save, {})


def _named(request: HttpRequest, code: str, duty: UUID) -> str:
    contract = get_contract(actor_of(request), code)
    for row in (*charges_of(contract), *obligations_of(contract)):
        if row.pk == duty:
            return str(row)
    raise Http404


def _form(
    request: HttpRequest,
    code: str,
    title: str,
    form_class: type[DeskForm],
    save: Callable[[Any, dict[str, Any]], str],
    initial: dict[str, Any],
) -> HttpResponse:
    contract = get_contract(actor_of(request), code)
    address, status = reverse("suppliers:contract", args=[contract.code]), 200
    form = form_class(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                words = save(contract, form.cleaned_data)
            except RuleError as error:
                add_errors(form, error)
            else:
                messages.success(request, words)
                return HttpResponseRedirect(address)
    crumbs = [(gettext("Contracts"), reverse("suppliers:contracts")), (contract.name, address), (title, "")]
    context = {"form": form, "title": title, "back_url": address, "crumbs": crumbs}
    return render(request, "suppliers/duty_form.html", context, status=status)
