"""What a record refers to, in one read.

Joining seven tables, each behind its row security policy, costs PostgreSQL more to plan than all the rest of reading a
record. Five look-ups by key in one statement cost next to nothing.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection, models

from catalogue.models import Service
from people.models import Membership, Organisation, Provider, SupportGroup
from records.models import Record

_LOOK_UP = """
SELECT 'service', id, tenant_id, code, name, hours_id, matrix_id, NULL
FROM catalogue_service WHERE id = ANY(%(services)s::uuid[])
UNION ALL
SELECT 'group', id, tenant_id, code, name, provider_id, NULL, NULL
FROM people_supportgroup WHERE id = ANY(%(groups)s::uuid[])
UNION ALL
SELECT 'provider', id, tenant_id, code, name, NULL, NULL, NULL
FROM people_provider WHERE id = ANY(%(providers)s::uuid[])
UNION ALL
SELECT 'organisation', id, tenant_id, code, name, parent_id, NULL, NULL
FROM people_organisation WHERE id = ANY(%(organisations)s::uuid[])
UNION ALL
SELECT 'member', id, tenant_id, email, name, organisation_id, NULL, phone
FROM people_membership WHERE id = ANY(%(members)s::uuid[])
"""
# Model, and what the look-up's columns are to it; any other column is fetched when somebody asks for it.
_SHAPES: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "service": (Service, ("id", "tenant_id", "code", "name", "hours_id", "matrix_id")),
    "group": (SupportGroup, ("id", "tenant_id", "code", "name", "provider_id")),
    "provider": (Provider, ("id", "tenant_id", "code", "name")),
    "organisation": (Organisation, ("id", "tenant_id", "code", "name", "parent_id")),
    "member": (Membership, ("id", "tenant_id", "email", "name", "organisation_id", "", "phone")),
}
_MEMBERS = ("requester", "affected_user", "assignee")


def fill_references(records: Iterable[Record]) -> None:
    """Give records the rows they refer to, so that reading their codes and names asks the database nothing more."""
    rows = list(records)
    found = _look_up(rows)
    for record in rows:
        record.service = found.get(record.service_id)
        record.organisation = found.get(record.organisation_id)
        for name in _MEMBERS:
            setattr(record, name, found.get(getattr(record, f"{name}_id")))
        record.provider = found.get(record.provider_id)
        group = found.get(record.support_group_id)
        if group is not None and group.provider_id in found:
            group.provider = found[group.provider_id]
        record.support_group = group


def _look_up(rows: list[Record]) -> dict[UUID | None, Any]:
    keys = {
        "services": [row.service_id for row in rows],
        "groups": [row.support_group_id for row in rows],
        "providers": [row.provider_id for row in rows],
        "organisations": [row.organisation_id for row in rows],
        "members": [getattr(row, f"{name}_id") for row in rows for name in _MEMBERS],
    }
    wanted = {name: list({key for key in values if key is not None}) for name, values in keys.items()}
    with connection.cursor() as cursor:
        cursor.execute(_LOOK_UP, wanted)
        found: dict[UUID | None, Any] = {}
        for shape, *values in cursor.fetchall():
            model, columns = _SHAPES[shape]
            known = dict(zip(columns, values, strict=False))
            # Django takes the values in the order of the model's columns, whatever order the names come in.
            names = [field.attname for field in model._meta.concrete_fields if field.attname in known]
            found[values[0]] = model.from_db("default", names, [known[name] for name in names])
    return found
