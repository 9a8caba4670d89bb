"""Tokens as the market's tools ask for them: by client credentials, by password, or by an older token.

The platform's own token address stays the way for everybody else (RFC 6749 §4.4).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.idp.oidc.models import Client, Token

from people.engine.secrets import digest_of, random_secret
from people.queries import actor_of_login, actor_of_token
from people.services.clients import SCOPE

ACCESS_FOR = timedelta(minutes=30)
REFRESH_FOR = timedelta(days=100)


@dataclass(frozen=True, slots=True)
class Tokens:
    """An access token, good for `seconds`, and the token that renews it."""

    access: str
    refresh: str
    seconds: int


def tokens_for_client(*, client_id: str, client_secret: str, at: datetime) -> Tokens | None:
    """Tokens for a client's own credentials; None where they are wrong, or the client may not come this way."""
    client = _client(client_id, client_secret)
    return _issue(client, at) if client else None


def tokens_for_password(
    *, client_id: str, client_secret: str, name: str, password: str, at: datetime
) -> Tokens | None:
    """Tokens for a client's credentials with its name and password; None where any is wrong."""
    client = _client(client_id, client_secret)
    digest = digest_of(password)
    if client is None or not name or actor_of_login(name, digest) is None:
        return None
    # The password is this client's, not just some client's.
    return _issue(client, at) if actor_of_login(client.pk, digest) else None


def renewed_tokens(*, client_id: str, client_secret: str, refresh: str, at: datetime) -> Tokens | None:
    """A new access token under the same older token; None where it is wrong, expired or another client's."""
    client = _client(client_id, client_secret)
    if client is None:
        return None
    known = Token.objects.filter(
        type=Token.Type.REFRESH_TOKEN, client=client, hash=digest_of(refresh), expires_at__gt=at
    )
    return _issue(client, at, refresh=refresh) if known.exists() else None


def _client(client_id: str, client_secret: str) -> Client | None:
    client = Client.objects.filter(pk=client_id).first()
    return client if client is not None and client.check_secret(client_secret) else None


def _issue(client: Client, at: datetime, *, refresh: str = "") -> Tokens | None:
    access = random_secret()
    token = _keep(client, Token.Type.ACCESS_TOKEN, access, at + ACCESS_FOR)
    actor = actor_of_token(token.hash)
    if actor is None or not actor.has_login:
        token.delete()
        return None
    if not refresh:
        refresh = random_secret()
        _keep(client, Token.Type.REFRESH_TOKEN, refresh, at + REFRESH_FOR)
    return Tokens(access, refresh, ACCESS_FOR // timedelta(seconds=1))


def _keep(client: Client, kind: str, value: str, until: datetime) -> Token:
    token = Token(type=kind, client=client, hash=digest_of(value), expires_at=until)
    token.set_scopes([SCOPE])
    token.save(force_insert=True)
    return token
