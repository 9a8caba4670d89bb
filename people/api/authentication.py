"""From an API request to its actor. The tenant was entered by `ActorMiddleware`; here the answer is only read."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
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


class ClientTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the API's description names the token."""

    target_class = "people.api.authentication.ClientTokenAuthentication"
    name = "clientCredentials"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """OAuth 2.0 client credentials (RFC 6749 §4.4)."""
        flow = {"tokenUrl": "/identity/o/api/token", "scopes": {"api": "all that the client's role carries"}}
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}


class MemberSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the API's description names the browser session."""

    target_class = "people.api.authentication.MemberSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """The cookie of a logged-in member; unsafe methods need the CSRF token."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
