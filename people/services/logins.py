"""Names and passwords of API clients, for tools that know no OAuth: switched on and off client by client."""

from dataclasses import dataclass
from datetime import datetime

from allauth.idp.oidc.models import Token
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from lifecycle.public import ForbiddenError, NotFoundError
from people.engine.actor import Actor
from people.engine.secrets import digest_of, random_secret
from people.models import ApiClient, ClientLogin
from people.queries import get_tenant

PERMISSION = "admin:use"


@dataclass(frozen=True, slots=True)
class LoginCredentials:
    """What the client's people are given, once: only the password's digest is kept."""

    name: str
    password: str


def allow_login(*, client: str, actor: Actor, at: datetime) -> LoginCredentials:
    """Let the API client of this name come by name and password; a password it had before ends.

    `at` is UTC. Raises ForbiddenError, and NotFoundError for a client that is not there or not active.
    """
    row = _client(client, actor)
    secret = random_secret()
    with transaction.atomic():
        known = ClientLogin.objects.select_for_update(no_key=True).filter(client=row).first()
        login = known or ClientLogin(client=row, name=_free_name(row, actor))
        login.secret_hash, login.allowed_at, login.allowed_by_name = digest_of(secret), at, actor.name
        login.save()
        _end_tokens(row)
    return LoginCredentials(login.name, secret)


def end_login(*, client: str, actor: Actor) -> None:
    """Let the API client of this name come by token only. Raises ForbiddenError and NotFoundError."""
    row = _client(client, actor)
    with transaction.atomic():
        ClientLogin.objects.filter(client=row).delete()
        _end_tokens(row)


def _end_tokens(client: ApiClient) -> None:
    """What renews access ends with the password that it was given for; access given before ends within half an hour."""
    Token.objects.filter(client=client.client_id, type=Token.Type.REFRESH_TOKEN).delete()


def _client(name: str, actor: Actor) -> ApiClient:
    if not actor.may(PERMISSION):
        raise ForbiddenError(
            gettext("This needs the permission %(permission)s.") % {"permission": PERMISSION},
            permission=PERMISSION,
        )
    row = ApiClient.objects.filter(name=name, is_active=True).first()
    if row is None:
        raise NotFoundError(gettext("There is no such API client."))
    return row


def _free_name(client: ApiClient, actor: Actor) -> str:
    """The tenant's code and the client's name; numbered where two clients' names read the same."""
    base = f"{get_tenant(actor.tenant_id).code}.{slugify(client.name) or 'client'}"[:140]
    taken = set(ClientLogin.objects.filter(name__startswith=base).values_list("name", flat=True))
    return next(name for number in range(1, len(taken) + 2) if (name := _numbered(base, number)) not in taken)


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}-{number}"
