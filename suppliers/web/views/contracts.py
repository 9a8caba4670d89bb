"""Contracts: the list, one with its terms, new ones, and changes of terms with what they break."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from doors.engine.keyset import Order
from doors.web.views import actor_of, add_errors, cursor_links, page_at, page_for
from lifecycle.public import RuleError
from people.public import providers, today_in_tenant
from suppliers.policy import DEFINE, READ
from suppliers.queries.contracts import calendars_to_choose, get_contract, terms_of, visible_contracts
from suppliers.queries.duties import calendar_of, charges_of, cost_of, ending_on
from suppliers.services.contracts import change_contract_terms, create_contract, preview_contract_terms
from suppliers.web.forms.contracts import NAMES, ContractForm, TermsForm

LIMIT = 25
BY_NAME = Order("name", is_descending=False)


@require_GET
@page_for(READ)
def contracts(request: HttpRequest) -> HttpResponse:
    """The contracts that the person may see, by name."""
    actor = actor_of(request)
    page = page_at(request, visible_contracts(actor), BY_NAME, limit=LIMIT)
    context = {
        "rows": page.rows,
        "may_define": actor.may(DEFINE),
        "crumbs": [(gettext("Contracts"), "")],
    }
    return render(request, "suppliers/contracts.html", context | cursor_links(request, page))


@require_GET
@page_for(READ)
def contract(request: HttpRequest, code: str) -> HttpResponse:
    """A contract with every version of its terms, what it costs, what is owed under it, and its end."""
    actor = actor_of(request)
    found, now = get_contract(actor, code), timezone.now()
    today = today_in_tenant(actor, now, getattr(request, "tenant", None))
    versions = terms_of(found)
    in_force = next((terms.pk for terms in versions if terms.effective_from <= now), None)
    context = {
        "contract": found,
        "versions": versions,
        "in_force": in_force,
        "charges": (charges := charges_of(found)),
        "month_cost": cost_of(charges, today),
        "due": calendar_of(found, today=today),
        "ending": ending_on(found, today),
        "may_define": actor.may(DEFINE),
        "crumbs": _crumbs(found.name),
    }
    return render(request, "suppliers/contract.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def new_contract(request: HttpRequest) -> HttpResponse:
    """Write down a contract with its first terms."""
    choices = {"calendars": _calendars(), "owners": [(row.code, row.name) for row in providers()]}
    if request.method != "POST":
        return _show_new(request, ContractForm(**choices), status=200)
    form = ContractForm(request.POST, **choices)
    if not form.is_valid():
        return _show_new(request, form, status=422)
    data = form.cleaned_data
    try:
        made = create_contract(
            code=data["code"],
            name=data["name"],
            provider=data["provider"],
            starts_date=data["starts_date"],
            ends_date=data["ends_date"],
            terms=form.terms(),
            effective_from=form.instant(timezone.now()),
            actor=actor_of(request),
        )
    except RuleError as error:
        add_errors(form, error, NAMES)
        return _show_new(request, form, status=422)
    messages.success(request, gettext("%(name)s was written down.") % {"name": made.name})
    return HttpResponseRedirect(reverse("suppliers:contract", args=[made.code]))


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def change_terms(request: HttpRequest, code: str) -> HttpResponse:
    """New terms: first what they would break, then the change itself."""
    actor = actor_of(request)
    found, now = get_contract(actor, code), timezone.now()
    if request.method != "POST":
        form = TermsForm(calendars=_calendars(), initial=_as_typed(terms_of(found)))
        return _show_terms(request, found, form, status=200)
    form = TermsForm(request.POST, calendars=_calendars())
    if not form.is_valid():
        return _show_terms(request, found, form, status=422)
    terms, since = form.terms(), form.instant(now)
    try:
        if "save" not in request.POST:
            broken = preview_contract_terms(contract=found, terms=terms, effective_from=since, actor=actor)
            return _show_terms(request, found, form, status=200, is_preview=True, broken=broken)
        changed = change_contract_terms(contract=found, terms=terms, effective_from=since, actor=actor)
    except RuleError as error:
        add_errors(form, error, NAMES)
        return _show_terms(request, found, form, status=422)
    _tell(request, [row.words for row in changed.broken])
    return HttpResponseRedirect(reverse("suppliers:contract", args=[found.code]))


def _tell(request: HttpRequest, broken: list[str]) -> None:
    if not broken:
        messages.success(request, gettext("The terms were changed. They break no promise."))
        return
    words = ngettext(
        "The terms were changed. They break %(count)d promise:",
        "The terms were changed. They break %(count)d promises:",
        len(broken),
    ) % {"count": len(broken)}
    messages.warning(request, "\n".join([words, *broken]))


def _show_new(request: HttpRequest, form: ContractForm, *, status: int) -> HttpResponse:
    context = {"form": form, "crumbs": _crumbs(gettext("New contract"))}
    return render(request, "suppliers/new_contract.html", context, status=status)


def _show_terms(
    request: HttpRequest, found: Any, form: TermsForm, *, status: int, **more: Any
) -> HttpResponse:
    address = reverse("suppliers:contract", args=[found.code])
    crumbs = [
        (gettext("Contracts"), reverse("suppliers:contracts")),
        (found.name, address),
        (gettext("Change terms"), ""),
    ]
    context = {"form": form, "contract": found, "contract_url": address, "crumbs": crumbs}
    return render(request, "suppliers/change_terms.html", context | more, status=status)


def _calendars() -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in calendars_to_choose()]


def _as_typed(versions: list[Any]) -> dict[str, Any]:
    """The newest terms as somebody would type them."""
    if not versions:
        return {}
    newest = versions[0]
    hours = {
        field: None
        if (seconds := getattr(newest, name)) is None
        else f"{seconds / 3600:.2f}".rstrip("0").rstrip(".")
        for name, field in NAMES.items()
    }
    share = newest.availability
    return hours | {
        "calendar": newest.calendar.code,
        "availability": None if share is None else f"{share.normalize():f}",
    }


def _crumbs(name: str) -> list[tuple[str, str]]:
    return [(gettext("Contracts"), reverse("suppliers:contracts")), (name, "")]
