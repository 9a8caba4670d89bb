"""API clients: machine identities of providers."""

from dataclasses import dataclass
from datetime import datetime

from allauth.idp.oidc.models import Client, Token
from django.contrib.auth.hashers import make_password
from django.db import transaction

from people.engine.secrets import random_secret
from people.models import ApiClient, Provider, Role

SCOPE = "api"


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """What the provider is given, once: the secret is stored as a hash only."""

    client_id: str
    client_secret: str


def create_api_client(*, name: str, provider: Provider, role: str) -> ClientCredentials:
    """An OAuth 2.0 client (RFC 6749 §4.4, client credentials) of a provider in the tenant in scope.

    Raises Role.DoesNotExist for an unknown role code.
    """
    secret = random_secret()
    with transaction.atomic():
        client = Client(
            name=name[:100],
            secret=make_password(secret, hasher="random_secret_sha256"),
            type=Client.Type.CONFIDENTIAL,
        )
        client.set_scopes([SCOPE])
        client.set_default_scopes([SCOPE])
        client.set_response_types([])
        client.grant_types = Client.GrantType.CLIENT_CREDENTIALS
        client.save(force_insert=True)
        ApiClient.objects.create(
            client_id=client.pk, name=name, provider=provider, role=Role.objects.get(code=role)
        )
    return ClientCredentials(client.pk, secret)


def renew_client_secret(*, name: str) -> ClientCredentials:
    """A new secret for the API client of this name in the tenant in scope; the old one ends.

    Raises ApiClient.DoesNotExist.
    """
    secret = random_secret()
    client_id = ApiClient.objects.get(name=name).client_id
    Client.objects.filter(pk=client_id).update(secret=make_password(secret, hasher="random_secret_sha256"))
    return ClientCredentials(client_id, secret)


def forget_expired_tokens(*, at: datetime) -> int:
    """Delete access tokens that expired before `at` (UTC); returns how many. Needs no tenant in scope."""
    return int(Token.objects.filter(expires_at__lt=at).delete()[0])
