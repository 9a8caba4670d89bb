"""Putting people, groups and providers in place."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from people.engine.roles import STANDARD_ROLES
from people.models import (
    GroupMembership,
    Membership,
    MembershipRole,
    Organisation,
    Person,
    Provider,
    Role,
    SupportGroup,
    Tenant,
)
from tenancy.engine.scope import tenant_scope


def create_tenant(*, code: str, name: str, host: str, brand_colour: str = "#1d70b8") -> Tenant:
    """A tenant with the standard roles. Called outside every tenant."""
    with transaction.atomic():
        tenant = Tenant.objects.create(code=code, name=name, host=host, brand_colour=brand_colour)
        with tenant_scope(tenant.pk, actor="system:create-tenant"):
            Role.objects.bulk_create(
                Role(code=role.code, name=role.name, reach=role.reach, permissions=list(role.permissions))
                for role in STANDARD_ROLES
            )
    return tenant


def create_organisation(*, code: str, name: str, parent: Organisation | None = None) -> Organisation:
    """A business unit under `parent`."""
    return Organisation.objects.create(code=code, name=name, parent=parent)


def create_provider(*, code: str, name: str, is_internal: bool = False) -> Provider:
    """A provider of services, internal or external."""
    return Provider.objects.create(code=code, name=name, is_internal=is_internal)


def create_group(
    *, code: str, name: str, provider: Provider, email: str = "", is_entry_point: bool = False
) -> SupportGroup:
    """A support group of a provider; the entry point is the tenant's single point of contact."""
    return SupportGroup.objects.create(
        code=code, name=name, provider=provider, email=email, is_entry_point=is_entry_point
    )


def add_member(
    *,
    email: str,
    name: str,
    roles: Iterable[str],
    organisation: Organisation | None = None,
    provider: Provider | None = None,
    groups: Iterable[SupportGroup] = (),
    password: str | None = None,
    phone: str = "",
    manager: Membership | None = None,
) -> Membership:
    """Make the person with this e-mail a member of the tenant in scope, with roles by code.

    A person who has a login already keeps it; `password` only starts a new one. Raises Role.DoesNotExist.
    """
    email = email.strip().lower()
    held = [Role.objects.get(code=code) for code in roles]
    with transaction.atomic():
        person = Person.objects.filter(email=email).first()
        if person is None:
            person = Person.objects.create_user(email, password, name=name)
        member = Membership.objects.create(
            person=person,
            name=name,
            email=email,
            phone=phone,
            organisation=organisation,
            provider=provider,
            manager=manager,
        )
        MembershipRole.objects.bulk_create(MembershipRole(membership=member, role=role) for role in held)
        GroupMembership.objects.bulk_create(
            GroupMembership(membership=member, support_group=group) for group in groups
        )
    return member


def end_membership(*, membership_id: UUID) -> None:
    """The person leaves the tenant; what they did stays."""
    Membership.objects.filter(pk=membership_id).update(is_active=False)
