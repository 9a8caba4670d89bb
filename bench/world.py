"""The tenants of a bench: service desks, suppliers, services, promises and people, made by the product itself."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from calendars.public import define_calendar
from catalogue.models import Category, Service
from catalogue.public import create_category, create_matrix, create_service
from people.models import GroupMembership, Membership, MembershipRole, Person, Provider, Role, SupportGroup
from people.public import (
    allow_login,
    create_api_client,
    create_group,
    create_organisation,
    create_provider,
    create_tenant,
    system_actor,
)
from sla.public import TargetTerms, define_target
from tenancy.engine.scope import current_tenant_id, tenant_scope
from tenancy.models import Tenant

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
HOUR = 3_600
# Without holidays and summer time a history can be moved by whole weeks and stays exact.
OFFICE = {"zone": "UTC", "weekly": {day: [["08:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}}
ALWAYS = {"zone": "UTC", "always": True}
RESOLUTION = {1: (4, "always"), 2: (8, "always"), 3: (16, "office"), 4: (40, "office"), 5: (80, "office")}
RESPONSE = {1: (0.25, "always"), 2: (0.5, "always"), 3: (2, "office"), 4: (4, "office"), 5: (8, "office")}
MATRIX = (1, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 4, 3, 4, 5, 5)
# Support group, its provider, and how many of a hundred incidents it gets.
QUEUES = (
    ("service-desk", "desk-partner", 40),
    ("network", "network-supplier", 20),
    ("euc", "euc-supplier", 20),
    ("hosting", "hosting-supplier", 10),
    ("applications", "applications-supplier", 10),
)
SERVICES = ("email", "laptop", "printing", "wifi", "payroll", "identity", "documents", "telephony")
CATEGORIES = ("hardware", "software", "access", "performance", "other")
AGENTS_PER_GROUP = 10
REOPEN_WORKING_DAYS = 1_000
# Nobody of the bench logs in with a password.
UNUSABLE = "!"


@dataclass(frozen=True)
class World:
    """One tenant of the bench."""

    tenant_id: int
    host: str
    groups: list[SupportGroup]
    services: list[Service]
    categories: list[Category]
    requesters: list[Membership]
    agents: dict[str, list[Membership]]
    manager: Membership
    clients: dict[str, dict[str, str]]


def build_world(*, number: int, requesters: int) -> World:
    """A tenant with so many people who report faults. Called outside every tenant."""
    code = f"bench{number:02d}"
    host = f"{code}.localhost"
    with transaction.atomic():
        tenant = create_tenant(code=code, name=f"Bench {number}", host=host)
        # Or the timer would close, for days, what was loaded as resolved long ago.
        Tenant.objects.filter(pk=tenant.pk).update(reopen_working_days=REOPEN_WORKING_DAYS)
        with tenant_scope(tenant.pk, actor="system:bench"):
            root = create_organisation(code="root", name="Whole")
            units = [create_organisation(code=f"unit-{n}", name=f"Unit {n}", parent=root) for n in range(4)]
            providers = {
                provider: create_provider(code=provider, name=provider.replace("-", " ").title())
                for _, provider, _ in QUEUES
            }
            groups = [
                create_group(
                    code=group,
                    name=group.replace("-", " ").title(),
                    provider=providers[provider],
                    is_entry_point=group == "service-desk",
                )
                for group, provider, _ in QUEUES
            ]
            calendars = {
                name: define_calendar(code=name, name=name, definition=definition, effective_from=LONG_AGO)
                for name, definition in (("office", OFFICE), ("always", ALWAYS))
            }
            _promise(calendars)
            matrix = create_matrix(name="Standard", cells=MATRIX, is_default=True)
            services = [
                create_service(
                    code=service,
                    name=service.title(),
                    support_group=groups[index % len(groups)],
                    default_impact=3,
                    matrix=matrix,
                    hours=calendars["office"],
                )
                for index, service in enumerate(SERVICES)
            ]
            categories = [create_category(code=name, name=name.title()) for name in CATEGORIES]
            people = _people(code, "person", requesters, "end-user", units)
            agents = {}
            for group in groups:
                role = "service-desk" if group.code == "service-desk" else "resolver"
                members = _people(
                    code,
                    f"{group.code}-agent",
                    AGENTS_PER_GROUP,
                    role,
                    units,
                    provider=providers[_provider_of(group)],
                )
                GroupMembership.objects.bulk_create(
                    GroupMembership(membership=member, support_group=group) for member in members
                )
                agents[group.code] = members
            (manager,) = _people(code, "manager", 1, "service-management", units, provider=None)
            clients = {
                name: _client(name, providers[provider], role)
                for name, provider, role in (
                    ("desk", "desk-partner", "desk-system"),
                    ("supplier", "network-supplier", "supplier-system"),
                )
            }
    return World(tenant.pk, host, groups, services, categories, people, agents, manager, clients)


def _promise(calendars: dict[str, Any]) -> None:
    for metric, table, stop, pauses in (
        ("resolution", RESOLUTION, ("resolved",), ("pending_requester",)),
        ("response", RESPONSE, ("responded:assigned", "responded:comment", "resolved"), ()),
    ):
        for priority, (hours, calendar) in table.items():
            define_target(
                code=f"incident-{metric}-p{priority}",
                name=f"Incident {metric}, priority {priority}",
                terms=TargetTerms(
                    kind="sla",
                    metric=metric,
                    duration=int(hours * HOUR),
                    calendar=calendars[calendar],
                    scope={"kind": ["incident"], "priority": [priority]},
                    stop_on=stop,
                    pause_on=pauses,
                ),
                effective_from=LONG_AGO,
            )


def _people(
    code: str, key: str, count: int, role: str, units: list[Any], *, provider: Provider | None = None
) -> list[Membership]:
    chance = random.Random(f"{code}{key}")  # noqa: S311  made-up people
    persons = [
        Person(email=f"{key}-{n}@{code}.example", name=f"{key.title()} {n}", password=UNUSABLE)
        for n in range(count)
    ]
    Person.objects.bulk_create(persons)
    members = [
        Membership(
            person=person,
            name=person.name,
            email=person.email,
            organisation=chance.choice(units),
            provider=provider,
        )
        for person in persons
    ]
    Membership.objects.bulk_create(members)
    held = Role.objects.get(code=role)
    MembershipRole.objects.bulk_create(MembershipRole(membership=member, role=held) for member in members)
    return members


def _provider_of(group: SupportGroup) -> str:
    return next(provider for code, provider, _ in QUEUES if code == group.code)


def _client(name: str, provider: Provider, role: str) -> dict[str, str]:
    made = create_api_client(name=f"{name} system", provider=provider, role=role)
    system = system_actor(current_tenant_id(), name="bench")
    allow_login(client=f"{name} system", actor=system, at=LONG_AGO)
    return {"client_id": made.client_id, "client_secret": made.client_secret}
