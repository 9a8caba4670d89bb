"""From a request to the actor and the tenant it works in."""

import base64
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import replace

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from design.languages import speaking
from design.shells import is_in_desk
from people.engine.actor import Actor
from people.engine.secrets import digest_of
from people.queries import actor_of_login, actor_of_person, actor_of_token, places_of, tenant_by_host
from tenancy.engine.scope import Scope, enter_scope, tenant_scope

SESSION_TENANT = "tenant_id"
# Log-in, second factors, memberships, consents and preferences: of a person, whatever the tenant.
PERSONAL_PAGES = ("/account/", "/identity/", "/preferences/")

# Where API clients may come by name and password, if they were allowed to: the market-compatible API.
LOGIN_PAGES = ("/api/now/", "/api/sn_sc/", "/api/global/")


class ActorMiddleware:
    """Finds the member behind a logged-in session and runs the view inside the member's tenant.

    The tenant is the one of the host name; under a host of no tenant, the membership chosen at log-in (or the
    person's only one). A person without membership there has no actor, and so sees nothing.
    A bearer token stands for its API client, in the client's own tenant, whatever the host.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _comes_as_client(request):
            actor = _client(request)
            # Nobody, even where a session came along: with a token only the token counts.
            request.user = AnonymousUser()
        else:
            actor = self._member(request)
        request.actor = actor  # type: ignore[attr-defined]
        scope = scope_of(request, actor) if actor else None
        with enter_scope(scope):
            response = self.get_response(request)
        # A file reads nothing from the database; what else is streamed may, and is read after this returns.
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            parts = response.streaming_content
            if isinstance(parts, Iterator):
                response.streaming_content = _in_scope(scope, parts)
        return response

    def _member(self, request: HttpRequest) -> Actor | None:
        if request.session.get("_auth_user_id") is None or not request.user.is_authenticated:
            return None
        tenant_id = tenant_of(request)
        if tenant_id is None:
            return None
        door = "desk" if is_in_desk(request.path) else "api" if request.path.startswith("/api/") else "portal"
        with tenant_scope(tenant_id):
            return actor_of_person(request.user.pk, tenant_id=tenant_id, door=door)


def _in_scope(scope: Scope | None, parts: Iterator[bytes]) -> Iterator[bytes]:
    """The parts of a response, each made inside the scope of its request, which ends before the next is asked for."""
    while True:
        with enter_scope(scope):
            part = next(parts, None)
        if part is None:
            return
        yield part


def scope_of(request: HttpRequest, actor: Actor) -> Scope:
    """The database scope of a request: the actor's, but for pages about the person behind a supplier's actor.

    The supplier's role may read no persons, no second factors and no other memberships, not even its own.
    """
    scope = actor.scope(request_id=request_id(request))
    if scope.role and request.path.startswith(PERSONAL_PAGES):
        return replace(scope, role="", provider_id=None)
    return scope


def _comes_as_client(request: HttpRequest) -> bool:
    """Whether a request says by a header who it is, whatever session came along."""
    return "Authorization" in request.headers or (
        "x-sn-apikey" in request.headers and request.path.startswith(LOGIN_PAGES)
    )


def _client(request: HttpRequest) -> Actor | None:
    """The API client behind a header: by token anywhere; where the market's tools come, by name and password or key."""
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return actor_of_token(digest_of(rest))
    if not request.path.startswith(LOGIN_PAGES):
        return None
    if not scheme:
        return actor_of_login("", digest_of(request.headers["x-sn-apikey"]))
    try:
        name, _, password = base64.b64decode(rest, validate=True).decode().partition(":")
    except ValueError:
        return None
    # Of no name would be of any.
    if scheme.lower() != "basic" or not name or "\x00" in name:
        return None
    return actor_of_login(name, digest_of(password))


def tenant_of(request: HttpRequest) -> int | None:
    """The tenant that the host name or the session's choice says; None when neither does."""
    host = request.get_host().split(":")[0].lower()
    if host not in ("localhost", "127.0.0.1", "testserver"):
        tenant = tenant_by_host(host)
        if tenant is not None:
            # Pages show its name and colour.
            request.tenant = tenant  # type: ignore[attr-defined]
            return tenant.pk
    chosen: int | None = request.session.get(SESSION_TENANT)
    if chosen is None:
        places = places_of(request.user.pk)  # type: ignore[arg-type]
        if not places:
            return None
        chosen = places[0].tenant_id
        request.session[SESSION_TENANT] = chosen
    return chosen


def request_id(request: HttpRequest) -> str:
    """The identifier that joins a request to its log lines and audit entries."""
    return str(getattr(request, "id", "") or "")


class LanguageMiddleware:
    """Speaks the reader's language and keeps the reader's time zone; `?lang=cy` or the cookie overrides.

    The API speaks English unless Accept-Language asks for another: programs read it, whoever they act for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = getattr(request, "actor", None)
        person = request.user if actor is not None and actor.membership_id else None
        zone = zoneinfo.ZoneInfo(getattr(person, "time_zone", "Europe/London"))
        if request.path.startswith("/api/"):
            with speaking(_accepted(request)), timezone.override(zone):
                response = self.get_response(request)
            patch_vary_headers(response, ["Accept-Language"])
            return response
        asked = request.GET.get("lang") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or ""
        language = (
            asked
            if asked in dict(settings.LANGUAGES)
            else getattr(person, "language", settings.LANGUAGE_CODE)
        )
        with speaking(language), timezone.override(zone):
            response = self.get_response(request)
            if request.GET.get("lang") in dict(settings.LANGUAGES):
                response.set_cookie(
                    settings.LANGUAGE_COOKIE_NAME, asked, samesite="Lax", secure=request.is_secure()
                )
            return response


def _accepted(request: HttpRequest) -> str:
    """The language that a program asks for before all others, if it is spoken here; else English."""
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    first = accepted[0][0] if accepted else ""
    return first if first in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
