"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from people.engine.secrets import seal, unseal
from people.queries import actor_of_person
from people.web.middleware import tenant_of
from tenancy.engine.scope import tenant_scope


class AccountAdapter(DefaultAccountAdapter):
    """Log in only: people are made members by a tenant, never by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Agents land on the desk, everyone else on the portal."""
        tenant_id = tenant_of(request)
        if tenant_id is not None:
            with tenant_scope(tenant_id):
                actor = actor_of_person(request.user.pk, tenant_id=tenant_id, door="portal")  # type: ignore[arg-type]
            if actor is not None and actor.may("desk:use"):
                return "/desk/"
        return "/"


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps secrets of second factors encrypted, so that a copy of the database is no key to any account."""

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return seal(text, purpose="second-factor")

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again. Raises UnsealError."""
        return unseal(encrypted_text, purpose="second-factor")
