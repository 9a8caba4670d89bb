"""New credentials for demonstration tenants whose demo.json was lost."""

from typing import Any

from django.db import transaction

from itsm.services.demo_world import Demo
from people.models import Person
from people.public import renew_client_secret, tenant_by_code
from tenancy.engine.scope import tenant_scope


def reset_credentials(demo: Demo, *, encoded_password: str) -> dict[str, Any]:
    """Give the demonstration people a new password and the API clients new secrets."""
    people = {player.key: f"{player.key}@{demo.code}.example" for player in demo.people}
    with transaction.atomic():
        Person.objects.filter(email__in=list(people.values())).update(password=encoded_password)
        with tenant_scope(tenant_by_code(demo.code).pk, actor="system:seed"):
            clients = {party.code: renew_client_secret(name=f"{party.name} system") for party in demo.parties}
    return {
        "people": people,
        "api_clients": {
            code: {"client_id": each.client_id, "client_secret": each.client_secret}
            for code, each in clients.items()
        },
    }
