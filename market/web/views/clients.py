"""API clients, and for which of them the market-compatible interface is switched on."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from doors.api.throttle import calls_of
from doors.engine.keyset import Order
from doors.web.views import actor_of, cursor_links, page_at, page_for
from people.public import allow_login, api_clients, end_login, logins_of

PERMISSION = "admin:use"
LIMIT = 25
BY_NAME = Order("name", is_descending=False)


@require_safe
@page_for(PERMISSION)
def client_list(request: HttpRequest) -> HttpResponse:
    """Every API client by name."""
    page = page_at(request, api_clients(), BY_NAME, limit=LIMIT)
    logins = logins_of(row.pk for row in page.rows)
    rows = [{"client": row, "login": logins.get(row.pk), "calls": calls_of(row.pk)[0]} for row in page.rows]
    most = settings.API_RATE.partition("/")[0]
    context = {"rows": rows, "most": most, "crumbs": _crumbs()} | cursor_links(request, page)
    return render(request, "market/clients.html", context)


@never_cache
@require_POST
@page_for(PERMISSION)
def switch_on(request: HttpRequest) -> HttpResponse:
    """Let a client come by name and password; the answer shows the password, once."""
    name = request.POST.get("client", "")
    login = allow_login(client=name, actor=actor_of(request), at=timezone.now())
    context = {"client": name, "login": login, "crumbs": _crumbs(name)}
    return render(request, "market/password.html", context)


@require_POST
@page_for(PERMISSION)
def switch_off(request: HttpRequest) -> HttpResponse:
    """Let a client come by token only, to our own interface."""
    name = request.POST.get("client", "")
    end_login(client=name, actor=actor_of(request))
    words = gettext("The market-compatible interface is off for %(name)s.") % {"name": name}
    messages.success(request, words)
    return HttpResponseRedirect(reverse("market:clients"))


def _crumbs(*here: str) -> list[tuple[str, str]]:
    found = [(gettext("API clients"), reverse("market:clients") if here else "")]
    return [*found, *((each, "") for each in here)]
