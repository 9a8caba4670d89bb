"""From an API request to its actor. The tenant was entered by `ActorMiddleware`; here the answer is only read."""

from typing import Any

from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request


class ClientTokenAuthentication(BaseAuthentication):
    """OAuth 2.0 bearer token of an API client (RFC 6750)."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        actor = getattr(request, "actor", None)
        if actor is not None:
            return actor, None
        if not header.lower().startswith("bearer "):
            raise AuthenticationFailed("Use 'Authorization: Bearer <access token>'.")
        raise AuthenticationFailed("The access token is unknown, expired or revoked.")

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class MemberSessionAuthentication(SessionAuthentication):
    """A member logged in by browser; unsafe methods need the CSRF token."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        actor = getattr(request, "actor", None)
        if actor is None:
            return None
        self.enforce_csrf(request)
        return actor, None
