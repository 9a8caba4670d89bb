"""The service register: components, who supplies them under which contract, and the services that count on them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from catalogue.public import (
    all_components,
    change_component,
    create_component,
    get_component,
    remove_component,
)
from doors.engine.keyset import Order
from doors.web.views import actor_of, add_errors, cursor_links, page_at, page_for
from lifecycle.public import RuleError, StaleVersionError
from people.public import Actor, providers
from sla.queries.register import component_lines
from sla.web.forms.parts import ComponentForm, NewComponentForm, RemoveForm
from sla.web.views.holding import Holding, hold, typed
from sla.web.views.promises import DEFINE
from suppliers.public import get_contract, visible_contracts

LIMIT = 25
BY_NAME = Order("name", is_descending=False)


@require_GET
@page_for(DEFINE)
def components(request: HttpRequest) -> HttpResponse:
    """Every component, by name."""
    page = page_at(request, all_components(), BY_NAME, limit=LIMIT)
    context = {"rows": component_lines(page.rows), "crumbs": _crumbs()}
    return render(request, "sla/components.html", context | cursor_links(request, page))


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def new_component(request: HttpRequest) -> HttpResponse:
    """Write down what a provider supplies."""
    actor = actor_of(request)
    form = NewComponentForm(typed(request), **_choices(actor))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = create_component(
                    code=form.cleaned_data["code"],
                    **_terms(form, actor),
                    actor=actor,
                )
            except RuleError as error:
                add_errors(form, error)
            else:
                messages.success(request, gettext("%(name)s was written down.") % {"name": made.name})
                return HttpResponseRedirect(reverse("sla:components"))
    context = {"form": form, "crumbs": _crumbs(gettext("New component"))}
    return render(request, "sla/new_component.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def component(request: HttpRequest, code: str) -> HttpResponse:
    """One component: who counts on it, and its name, provider and contract to be changed."""
    actor, row = actor_of(request), get_component(code)
    initial = {
        "seen": row.version,
        "name": row.name,
        "provider": row.provider.code,
        "contract": row.contract.code if row.contract else "",
    }
    form = ComponentForm(typed(request), initial=initial, **_choices(actor))

    def act(reason: str) -> None:
        change_component(
            component=row,
            **_terms(form, actor),
            actor=actor,
            at=timezone.now(),
            accepted_because=reason,
            seen_version=form.cleaned_data["seen"],
        )

    holding = Holding(
        title=row.name,
        button_text=gettext("Save the component"),
        done=gettext("The component was saved."),
        back_url=reverse("sla:components"),
        back_text=gettext("Back to the components"),
        crumbs=_crumbs(row.name),
        form=form,
        act=act,
        version=lambda: get_component(code).version,
        now=lambda: _in_words(get_component(code)),
        template="sla/component.html",
        context={"code": row.code, "users": component_lines([row])[0].users},
    )
    return hold(request, holding)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def component_remove(request: HttpRequest, code: str) -> HttpResponse:
    """Take a component out of the register."""
    row = get_component(code)
    form = RemoveForm(typed(request), initial={"seen": row.version})
    users = component_lines([row])[0].users
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                remove_component(
                    component=row, actor=actor_of(request), seen_version=form.cleaned_data["seen"]
                )
            except RuleError as error:
                add_errors(form, error)
            except StaleVersionError:
                status = 409
                form = RemoveForm(initial={"seen": get_component(code).version})
            else:
                messages.success(request, gettext("%(name)s was removed.") % {"name": row.name})
                return HttpResponseRedirect(reverse("sla:components"))
    context = {
        "form": form,
        "component": row,
        "users": users,
        "is_conflict": status == 409,
        "theirs": _in_words(get_component(code)),
        "crumbs": [
            *_crumbs()[:-1],
            (gettext("Components"), reverse("sla:components")),
            (row.name, reverse("sla:component", args=[code])),
            (gettext("Remove"), ""),
        ],
    }
    return render(request, "sla/remove_component.html", context, status=status)


def _crumbs(here: str = "") -> list[tuple[str, str]]:
    found = [(gettext("Services"), reverse("sla:services"))]
    if not here:
        return [*found, (gettext("Components"), "")]
    return [*found, (gettext("Components"), reverse("sla:components")), (here, "")]


def _choices(actor: Actor) -> dict[str, Any]:
    contracts = visible_contracts(actor).order_by("name", "id")
    return {
        "owners": [(row.code, row.name) for row in providers()],
        "contracts": [(row.code, f"{row.name} ({row.provider.name})") for row in contracts],
    }


def _terms(form: ComponentForm, actor: Actor) -> dict[str, Any]:
    """What was typed, as the services want it."""
    data = form.cleaned_data
    return {
        "name": data["name"],
        "provider": next(row for row in providers() if row.code == data["provider"]),
        "contract": get_contract(actor, data["contract"]) if data["contract"] else None,
    }


def _in_words(row: Any) -> list[str]:
    contract = row.contract.name if row.contract else gettext("No contract")
    return [row.name, row.provider.name, contract]
