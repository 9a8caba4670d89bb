"""New credentials for demonstration tenants whose demo.json was lost."""

from datetime import datetime
from typing import Any

from django.db import transaction

from itsm.services.demo_world import Demo
from itsm.services.seed_tenant import credentials, market_logins
from people.models import Person
from people.public import allow_login, renew_client_secret, system_actor, tenant_by_code
from tenancy.engine.scope import tenant_scope


def reset_credentials(demo: Demo, *, encoded_password: str, at: datetime) -> dict[str, Any]:
    """Give the demonstration people a new password and the API clients new secrets."""
    people = {player.key: f"{player.key}@{demo.code}.example" for player in demo.people}
    with transaction.atomic():
        Person.objects.filter(email__in=list(people.values())).update(password=encoded_password)
        tenant = tenant_by_code(demo.code)
        with tenant_scope(tenant.pk, actor="system:seed"):
            names = {party.code: f"{party.name} system" for party in demo.parties}
            clients = {code: renew_client_secret(name=name) for code, name in names.items()}
            seed = system_actor(tenant.pk, name="seed")
            logins = {code: allow_login(client=name, actor=seed, at=at) for code, name in names.items()}
    return {
        "people": people,
        "api_clients": credentials(clients),
        "market_logins": market_logins(logins),
    }
