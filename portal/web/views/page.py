"""What every page of the portal needs: somebody who may use it, in the reach of an end user."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from lifecycle.public import RuleError
from people.public import Actor, get_tenant, places_of, today_in_tenant
from portal.policy import requester_of
from tenancy.engine.scope import enter_scope

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]
Page = Callable[Concatenate[HttpRequest, Actor, Parameters], HttpResponseBase]


def portal_page(view: Page[Parameters]) -> View[Parameters]:
    """Give the view its requester; strangers get the log-in page, non-members are told whom to ask.

    The view runs in the scope of an end user, also for suppliers' people, whose own scope is narrower in a way that
    hides reports they raised as users.
    """

    @wraps(view)
    def page(request: HttpRequest, *args: Parameters.args, **kwargs: Parameters.kwargs) -> HttpResponseBase:
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None:
            places = places_of(request.user.pk)  # type: ignore[arg-type]
            return render(request, "portal/no_membership.html", {"places": places}, status=403)
        requester = requester_of(actor)
        with enter_scope(requester.scope(request_id=str(getattr(request, "id", "") or ""))):
            return view(request, requester, *args, **kwargs)

    return cast("View[Parameters]", never_cache(login_required(page)))


def today(request: HttpRequest, actor: Actor) -> date:
    """The day that it is where the tenant is."""
    tenant = getattr(request, "tenant", None)
    if tenant is None:
        tenant = request.tenant = get_tenant(actor.tenant_id)  # type: ignore[attr-defined]
    return today_in_tenant(actor, timezone.now(), tenant)


def show_refusal(form: forms.Form, refused: RuleError) -> None:
    """Put a service's reasons beside the fields they are about."""
    for name, reason in (refused.fields or {"": refused.message}).items():
        form.add_error(name if name in form.fields else None, reason)
