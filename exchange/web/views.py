"""The exchange with a supplier's system: how it does, where it is told, and what was given up. Both sides see it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doors.engine.keyset import Order
from doors.web.views import actor_of, add_errors, cursor_links, page_at, page_for
from exchange.policy import DEFINE, READ
from exchange.queries import endpoint_state, messages_to, wire_time
from exchange.services.endpoints import define_endpoint, pause, replay, resume, rotate_secret
from exchange.web.forms import EndpointForm, PauseForm
from lifecycle.public import NotFoundError, RuleError, StaleVersionError
from suppliers.public import get_provider

LIMIT = 25
NEWEST = Order("made_at")
MEASURED = timedelta(days=30)


@require_safe
@page_for(READ)
def exchange(request: HttpRequest, provider: str) -> HttpResponse:
    """How the exchange with one supplier's system does."""
    return _show(request, provider, PauseForm())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def address(request: HttpRequest, provider: str) -> HttpResponse:
    """Where the system is told of changes; a new one's secret is shown once."""
    actor = actor_of(request)
    row = get_provider(actor, provider)
    initial = _as_seen(row)
    form = EndpointForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                _, secret = define_endpoint(
                    provider=row,
                    url=given["url"].strip(),
                    timeout_seconds=given["timeout_seconds"],
                    actor=actor,
                    seen_version=given["seen"],
                )
            except RuleError as error:
                add_errors(form, error)
            except StaleVersionError:
                status = 409
                # What was typed stays; saved again, it is meant for what stands there now.
                typed = request.POST.copy()
                typed["seen"] = str(_as_seen(row).get("seen", ""))
                form = EndpointForm(typed)
            else:
                if secret:
                    return _show_secret(request, row, secret)
                messages.success(request, gettext("The address was saved."))
                return _back(provider)
    context = {
        "form": form,
        "provider": row,
        "is_conflict": status == 409,
        "crumbs": _crumbs(row, gettext("Address")),
    }
    return render(request, "exchange/address.html", context, status=status)


@never_cache
@require_POST
@page_for(DEFINE)
def secret(request: HttpRequest, provider: str) -> HttpResponse:
    """Another secret; the answer shows it, once."""
    actor = actor_of(request)
    row = get_provider(actor, provider)
    try:
        _, made = rotate_secret(provider=row, actor=actor, at=timezone.now(), seen_version=_seen(request))
    except StaleVersionError as stale:
        messages.error(request, stale.message)
        return _back(provider)
    return _show_secret(request, row, made)


@require_POST
@page_for(DEFINE)
def stop(request: HttpRequest, provider: str) -> HttpResponse:
    """Send nothing for now."""
    actor, form = actor_of(request), PauseForm(request.POST)
    if form.is_valid():
        try:
            pause(provider=get_provider(actor, provider), reason=form.cleaned_data["reason"], actor=actor)
        except RuleError as error:
            add_errors(form, error)
        else:
            messages.success(request, gettext("Nothing is sent for now. What is made meanwhile waits."))
            return _back(provider)
    return _show(request, provider, form, status=422)


@require_POST
@page_for(DEFINE)
def go_on(request: HttpRequest, provider: str) -> HttpResponse:
    """Send again."""
    actor = actor_of(request)
    resume(provider=get_provider(actor, provider), actor=actor)
    messages.success(request, gettext("Messages are sent again, from where they stopped."))
    return _back(provider)


@require_POST
@page_for(DEFINE)
def again(request: HttpRequest, provider: str, key: UUID) -> HttpResponse:
    """Send a message again that was given up, or let it go."""
    actor = actor_of(request)
    is_dropped = request.POST.get("do") == "drop"
    try:
        replay(
            provider=get_provider(actor, provider),
            message=str(key),
            is_dropped=is_dropped,
            actor=actor,
            at=timezone.now(),
        )
    except RuleError as refused:
        messages.error(request, refused.message)
    else:
        done = gettext("The message was let go.") if is_dropped else gettext("The message is in line again.")
        messages.success(request, done)
    return _back(provider)


def _show(request: HttpRequest, provider: str, form: PauseForm, *, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    row = get_provider(actor, provider)
    context: dict[str, Any] = {
        "provider": row,
        "form": form,
        "may_define": actor.may(DEFINE),
        "crumbs": _crumbs(row),
        "state": None,
    }
    try:
        context["state"] = endpoint_state(row)
    except NotFoundError:
        return render(request, "exchange/exchange.html", context, status=status)
    page = page_at(request, messages_to(row), NEWEST, limit=LIMIT)
    context |= {
        "rows": page.rows,
        "wire": wire_time(row, since=timezone.now() - MEASURED),
        **cursor_links(request, page),
    }
    return render(request, "exchange/exchange.html", context, status=status)


def _show_secret(request: HttpRequest, row: Any, made: str) -> HttpResponse:
    context = {"provider": row, "secret": made, "crumbs": _crumbs(row, gettext("Its secret"))}
    return render(request, "exchange/secret.html", context)


def _as_seen(row: Any) -> dict[str, Any]:
    try:
        found = endpoint_state(row).endpoint
    except NotFoundError:
        return {}
    return {"url": found.url, "timeout_seconds": found.timeout_seconds, "seen": found.version}


def _seen(request: HttpRequest) -> int | None:
    given = request.POST.get("seen", "")
    return int(given) if given.isdecimal() and len(given) < 9 else None


def _back(provider: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("exchange:exchange", args=[provider]))


def _crumbs(row: Any, *here: str) -> list[tuple[str, str]]:
    at_home = reverse("exchange:exchange", args=[row.code]) if here else ""
    found = [(row.name, reverse("agreements:agreements", args=[row.code])), (gettext("Exchange"), at_home)]
    return [*found, *((each, "") for each in here)]
