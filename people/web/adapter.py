"""How logging in and staying logged in behave here: what the libraries leave open."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from people.engine.secrets import seal, unseal
from people.queries import actor_of_person, get_person, living_session
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


class SessionStore(db.SessionStore):
    """Sessions in the database, read by a compiled query: every page begins with it."""

    def _get_session_from_db(self) -> Session | None:
        found = living_session(self.session_key or "", timezone.now())
        if found is None:
            # A key that somebody made up is never kept: the next one is our own.
            self._session_key = None
        return found


class Backend(AuthenticationBackend):
    """The log-in library's way to authenticate; the person of a session is read by a compiled query."""

    def get_user(self, user_id: Any) -> Any:
        """The person of a session; None when they may not log in any more."""
        person = get_person(user_id)
        return person if person is not None and self.user_can_authenticate(person) else None
