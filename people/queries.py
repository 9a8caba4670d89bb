"""Reads of people. A tenant must be in scope, but for the look-ups that find the tenant."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet

from people.engine.actor import Actor
from people.models import (
    ApiClient,
    ClientLogin,
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
from tenancy.engine.compiled import compiled
from tenancy.engine.definitions import kept
from tenancy.engine.prepared import sendable
from tenancy.engine.scope import Scope, enter_scope


@compiled
def _person(*, key: UUID) -> QuerySet[Person]:
    return Person.objects.filter(pk=key)


def get_person(person_id: UUID) -> Person | None:
    """A person by key, of whatever tenant."""
    return _person.first(key=person_id)


@compiled
def _session(*, key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


def living_session(key: str, now: datetime) -> Session | None:
    """The browser session with this key that has not ended at `now` (UTC)."""
    return _session.first(key=key, now=now)


@dataclass(frozen=True, slots=True)
class Place:
    """A tenant that a person is a member of."""

    tenant_id: int
    code: str
    name: str


@compiled
def _tenant_with_host(*, host: str) -> QuerySet[Tenant]:
    return Tenant.objects.filter(host=host)


@compiled
def _tenant_with_key(*, key: int) -> QuerySet[Tenant]:
    return Tenant.objects.filter(pk=key)


def tenant_by_host(host: str) -> Tenant | None:
    """The tenant served under a host name without port."""
    return _tenant_with_host.first(host=host)


def site_of(tenant: Tenant) -> str:
    """Where the tenant's pages are, without the slash that ends it."""
    base = urlsplit(settings.BASE_URL)
    return f"{base.scheme}://{tenant.host}{f':{base.port}' if base.port else ''}"


def get_tenant(tenant_id: int) -> Tenant:
    """A tenant by its key. Raises Tenant.DoesNotExist."""
    tenant = _tenant_with_key.first(key=tenant_id)
    if tenant is None:
        raise Tenant.DoesNotExist(f"There is no tenant {tenant_id}.")
    return tenant


def tenant_by_code(code: str) -> Tenant:
    """A tenant by its code. Raises Tenant.DoesNotExist."""
    return Tenant.objects.get(code=code)


def all_tenants() -> list[Tenant]:
    """Every tenant of the installation, for sweeps that take them one by one."""
    return list(Tenant.objects.order_by("id"))


def places_of(person_id: UUID) -> list[Place]:
    """The tenants that a person is an active member of, by name. Needs no tenant in scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id, code, name FROM people_places_of(%s) ORDER BY name", [person_id])
        return [Place(*row) for row in cursor.fetchall()]


@compiled
def _active_member(*, person: UUID) -> QuerySet[Membership]:
    roles = MembershipRole.objects.filter(membership=OuterRef("pk")).values("role_id")
    groups = GroupMembership.objects.filter(membership=OuterRef("pk")).values("support_group_id")
    return (
        Membership.objects.filter(person_id=person, is_active=True)
        .annotate(
            role_ids=ArraySubquery(roles),
            groups=ArraySubquery(groups),
            definitions_version=F("tenant__definitions_version"),
        )
        .select_related("provider")
    )


def actor_of_person(person_id: UUID, *, tenant_id: int, door: str) -> Actor | None:
    """The member that a person is in the tenant in scope; None when no active member."""
    row: Any = _active_member.first(person=person_id)
    if row is None:
        return None
    with enter_scope(Scope(tenant_id, definitions_version=row.definitions_version)):
        roles = directory().roles
    held = [roles[key] for key in row.role_ids if key in roles]
    return Actor(
        tenant_id=tenant_id,
        kind="member",
        name=row.name,
        email=row.email,
        reach=widest_reach(role.reach for role in held),
        door=door,
        permissions=frozenset(permission for role in held for permission in role.permissions),
        membership_id=row.pk,
        organisation_id=row.organisation_id,
        provider_id=row.provider_id,
        provider_name=row.provider.name if row.provider else "",
        group_ids=frozenset(row.groups),
        role_ids=frozenset(role.pk for role in held),
        role_names=tuple(role.name for role in held),
        definitions_version=row.definitions_version,
    )


def widest_reach(reaches: Iterable[str]) -> str:
    """The widest of several roles' reaches; "own" when there is none."""
    order = ["own", "provider", "all"]
    return max(reaches, key=order.index, default="own")


def actor_of_token(token_hash: str) -> Actor | None:
    """The API client behind a valid access token; None for any other token. Needs no tenant in scope."""
    return _client("SELECT * FROM people_client_of_token(%s)", [token_hash])


def actor_of_login(name: str, secret_hash: str) -> Actor | None:
    """The API client with this name (or client identifier) and password digest; of any name for "".

    Needs no tenant in scope.
    """
    return _client("SELECT * FROM people_client_of_login(%s, %s)", [name, secret_hash])


def _client(statement: str, values: list[str]) -> Actor | None:
    with connection.cursor() as cursor:
        cursor.execute(sendable(statement), values)
        row = cursor.fetchone()
    if row is None:
        return None
    tenant_id, client_id, name, provider_id, provider_name, reach, permissions, groups, version, login = row
    return Actor(
        tenant_id=tenant_id,
        kind="client",
        name=name,
        reach=reach,
        door="api",
        permissions=frozenset(permissions),
        client_id=client_id,
        provider_id=provider_id,
        provider_name=provider_name,
        group_ids=frozenset(groups),
        definitions_version=version,
        has_login=login,
    )


def api_clients() -> QuerySet[ApiClient]:
    """Every active API client, with its provider and role."""
    return ApiClient.objects.select_related("provider", "role").filter(is_active=True)


def logins_of(clients: Iterable[UUID]) -> dict[UUID, ClientLogin]:
    """The log-ins of these API clients, of those that have one."""
    return {row.client_id: row for row in ClientLogin.objects.filter(client__in=list(clients))}


@compiled
def _member_with_email(*, email: str) -> QuerySet[Membership]:
    return Membership.objects.select_related("organisation").filter(email=email, is_active=True)


@compiled
def _member_with_key(*, key: UUID) -> QuerySet[Membership]:
    return Membership.objects.select_related("organisation", "provider").filter(pk=key)


def find_member(email: str) -> Membership | None:
    """The active member with this e-mail, any case."""
    return _member_with_email.first(email=email.strip().lower())


def get_member(membership_id: UUID) -> Membership | None:
    """A member by key, active or not."""
    return _member_with_key.first(key=membership_id)


def visible_members(actor: Actor) -> QuerySet[Membership]:
    """The people this actor may look up: a supplier finds its own people; end users only themselves."""
    members = Membership.objects.filter(is_active=True).select_related("organisation", "provider")
    if actor.reach in ("all", "system"):
        return members
    if actor.reach == "provider":
        return members.filter(provider=actor.provider_id)
    if actor.membership_id is None:
        return members.none()
    return members.filter(pk=actor.membership_id)


def search_members(actor: Actor, text: str) -> QuerySet[Membership]:
    """People whose e-mail is, or whose name or e-mail begins with, the text."""
    text = text.strip()
    return visible_members(actor).filter(Q(email__startswith=text.lower()) | Q(name__istartswith=text))


@dataclass(frozen=True, slots=True)
class Directory:
    """Who works for a tenant: organisations, providers, groups (with their provider) and roles, by key and by name."""

    organisations: Mapping[UUID, Organisation]
    providers: Mapping[UUID, Provider]
    groups: Mapping[UUID, SupportGroup]
    roles: Mapping[UUID, Role]


@kept
def directory() -> Directory:
    """The directory of the tenant in scope."""
    return Directory(
        organisations={row.pk: row for row in Organisation.objects.order_by("name", "id")},
        providers={row.pk: row for row in Provider.objects.order_by("name", "id")},
        groups={
            row.pk: row for row in SupportGroup.objects.select_related("provider").order_by("name", "id")
        },
        roles={row.pk: row for row in Role.objects.order_by("name", "id")},
    )


def find_group(code: str) -> SupportGroup | None:
    """The active support group with this code."""
    return next((group for group in active_groups() if group.code == code), None)


def entry_group() -> SupportGroup | None:
    """The tenant's single point of contact."""
    return next((group for group in directory().groups.values() if group.is_entry_point), None)


def get_group(group_id: UUID) -> SupportGroup | None:
    """A support group by key, with its provider."""
    return directory().groups.get(group_id)


def active_groups() -> list[SupportGroup]:
    """Every active support group with its provider, by name."""
    return [group for group in directory().groups.values() if group.is_active]


def members_of_group(group_id: UUID) -> list[Membership]:
    """The active members of a support group, by name."""
    ids = GroupMembership.objects.filter(support_group=group_id).values("membership_id")
    return list(Membership.objects.filter(pk__in=ids, is_active=True).order_by("name"))


def is_in_group(*, membership_id: UUID, group_id: UUID) -> bool:
    """Whether a member belongs to a support group."""
    return GroupMembership.objects.filter(support_group=group_id, membership=membership_id).exists()


def role_names_with(permission: str) -> list[str]:
    """The names of the roles that carry a permission, for telling people what to ask for."""
    return list(
        Role.objects.filter(permissions__contains=[permission])
        .order_by("name")
        .values_list("name", flat=True)
    )


def organisation_parents() -> dict[UUID, UUID | None]:
    """Each organisation's parent: the tenant's whole tree in one read."""
    return {key: row.parent_id for key, row in directory().organisations.items()}


def providers() -> list[Provider]:
    """Every provider, by name."""
    return list(directory().providers.values())


def organisations() -> list[Organisation]:
    """Every organisation, by name."""
    return list(directory().organisations.values())


def names_of(ids: Iterable[Any]) -> dict[UUID, str]:
    """Display names of members, groups, organisations and roles, by key, for rendering audit facts."""
    wanted = {UUID(str(value)) for value in ids if value}
    known = directory()
    found: dict[UUID, str] = {}
    for rows in (known.groups, known.organisations, known.roles):
        found |= {key: rows[key].name for key in wanted & rows.keys()}
    unknown = wanted - found.keys()
    return found | dict(_member_names(keys=unknown)) if unknown else found


@compiled
def _member_names(*, keys: Collection[UUID]) -> QuerySet[Membership, tuple[UUID, str]]:
    return Membership.objects.filter(pk__among=keys).values_list("id", "name")


@dataclass(frozen=True, slots=True)
class Standing:
    """What audiences go by: a person's organisation with every one above it, roles and support groups."""

    organisations: frozenset[UUID]
    roles: frozenset[UUID]
    groups: frozenset[UUID]


def standing_of(actor: Actor) -> Standing:
    """The standing of whoever acts."""
    return Standing(_and_above(actor.organisation_id), actor.role_ids, actor.group_ids)


@compiled
def _standing(*, key: UUID) -> QuerySet[Membership, Any]:
    roles = MembershipRole.objects.filter(membership=OuterRef("pk")).values("role_id")
    groups = GroupMembership.objects.filter(membership=OuterRef("pk")).values("support_group_id")
    held = Membership.objects.filter(pk=key).annotate(
        role_ids=ArraySubquery(roles), groups=ArraySubquery(groups)
    )
    return held.values_list("organisation_id", "role_ids", "groups")


def standing_of_member(membership_id: UUID) -> Standing:
    """The standing of a member."""
    organisation, roles, groups = _standing(key=membership_id)[0]
    return Standing(_and_above(organisation), frozenset(roles), frozenset(groups))


def _and_above(organisation: UUID | None) -> frozenset[UUID]:
    known, path = directory().organisations, set()
    while organisation is not None and organisation not in path:
        path.add(organisation)
        row = known.get(organisation)
        organisation = row.parent_id if row else None
    return frozenset(path)


def today_in_tenant(actor: Actor, at: datetime, tenant: Tenant | None = None) -> date:
    """The day that it is, at an instant, where the actor's tenant is; `tenant` is it where somebody has read it."""
    if tenant is None or tenant.pk != actor.tenant_id:
        tenant = get_tenant(actor.tenant_id)
    return at.astimezone(ZoneInfo(tenant.time_zone)).date()
