"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

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
