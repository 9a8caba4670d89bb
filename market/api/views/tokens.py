"""`/oauth_token.do`: tokens for the market's tools."""

import base64
from typing import Any
from urllib.parse import unquote

from django.utils import timezone
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from doors.api.rendering import JSONRenderer
from doors.api.throttle import AddressThrottle
from people.public import renewed_tokens, tokens_for_client, tokens_for_password


def _from_header(header: str) -> tuple[str, str]:
    """Client identifier and secret from HTTP Basic (RFC 6749 §2.3.1); nothing from anything else."""
    scheme, _, rest = header.partition(" ")
    try:
        client_id, _, secret = base64.b64decode(rest, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return (unquote(client_id), unquote(secret)) if scheme.lower() == "basic" else ("", "")


class TokenView(APIView):
    """The token address, limited by address as the platform's own is."""

    schema = None
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (AddressThrottle,)
    renderer_classes = (JSONRenderer,)
    parser_classes = (FormParser, MultiPartParser, JSONParser)

    def post(self, request: Request) -> Response:
        """An access token for credentials, a password, or an older token; 401 for wrong ones."""
        form: Any = request.data
        said = {name: str(form[name]) for name in form}
        client_id, secret = said.get("client_id", ""), said.get("client_secret", "")
        if not client_id:
            client_id, secret = _from_header(request.headers.get("Authorization", ""))
        now, kind = timezone.now(), said.get("grant_type", "")
        if kind == "client_credentials":
            tokens = tokens_for_client(client_id=client_id, client_secret=secret, at=now)
        elif kind == "password":
            tokens = tokens_for_password(
                client_id=client_id,
                client_secret=secret,
                name=said.get("username", ""),
                password=said.get("password", ""),
                at=now,
            )
        elif kind == "refresh_token":
            tokens = renewed_tokens(
                client_id=client_id, client_secret=secret, refresh=said.get("refresh_token", ""), at=now
            )
        else:
            words = "Use password, client_credentials or refresh_token."
            return Response({"error": "unsupported_grant_type", "error_description": words}, status=400)
        if tokens is None:
            return Response({"error": "access_denied", "error_description": "access_denied"}, status=401)
        return Response(
            {
                "access_token": tokens.access,
                "refresh_token": tokens.refresh,
                "scope": "useraccount",
                "token_type": "Bearer",
                "expires_in": tokens.seconds,
            },
            headers={"Cache-Control": "no-store"},
        )
