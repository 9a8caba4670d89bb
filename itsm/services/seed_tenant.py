"""Putting one demonstration tenant in place, through the same services as everything else."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from calendars.public import bank_holidays, define_calendar
from catalogue.public import create_category, create_matrix, create_service
from itsm.services.demo_world import CATEGORIES, Demo, Party
from itsm.services.seed_composition import seed_composition
from itsm.services.seed_offerings import seed_offerings
from itsm.services.seed_portfolio import seed_portfolio
from people.models import Person, Provider, SupportGroup
from people.public import (
    Actor,
    ClientCredentials,
    LoginCredentials,
    actor_of_person,
    add_member,
    allow_login,
    create_api_client,
    create_group,
    create_organisation,
    create_provider,
    create_tenant,
    find_member,
)
from sla.public import TargetTerms, define_target
from tenancy.engine.scope import tenant_scope

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
_HOURS = 3600

# Resolution by priority: (hours, calendar). The two highest run around the clock.
RESOLUTION = {1: (4, "always"), 2: (8, "always"), 3: (16, "office"), 4: (40, "office"), 5: (80, "office")}
RESPONSE = {1: (0.25, "always"), 2: (0.5, "always"), 3: (2, "office"), 4: (4, "office"), 5: (8, "office")}
# Impact down, urgency across.
MATRIX = (1, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 4, 3, 4, 5, 5)


def seed_tenant(demo: Demo, *, encoded_password: str, now: datetime) -> dict[str, Any]:
    """Create a demonstration tenant; returns its people (key → e-mail) and API clients (provider → credentials)."""
    with transaction.atomic():
        tenant = create_tenant(
            code=demo.code, name=demo.name, host=f"{demo.code}.localhost", brand_colour=demo.colour
        )
        with tenant_scope(tenant.pk, actor="system:seed"):
            organisations: dict[str, Any] = {}
            for code, name, parent in demo.organisations:
                organisations[code] = create_organisation(
                    code=code, name=name, parent=organisations.get(parent)
                )
            providers, groups = _parties(demo.parties)
            calendars = _calendars(now.year)
            _targets(calendars)
            _services(demo, groups, calendars)
            people = _people(demo, organisations, providers, groups)
            chief = _actor(tenant.pk, people["administrator"])
            seed_composition(providers=providers, calendars=calendars, actor=chief, at=now, since=LONG_AGO)
            seed_offerings(actor=chief, at=now)
            owner = people.get("service-management", people["administrator"])
            seed_portfolio(owner=owner, actor=chief, at=now)
            clients = {
                party.code: create_api_client(
                    name=f"{party.name} system", provider=providers[party.code], role=party.client_role
                )
                for party in demo.parties
            }
            # The demonstration has the market-compatible interface switched on for all of them.
            logins = {
                party.code: allow_login(client=f"{party.name} system", actor=chief, at=now)
                for party in demo.parties
            }
        Person.objects.filter(email__in=list(people.values())).update(password=encoded_password)
    return {
        "people": people,
        "api_clients": credentials(clients),
        "market_logins": market_logins(logins),
    }


def credentials(clients: Mapping[str, ClientCredentials]) -> dict[str, dict[str, str]]:
    """What the people of each API client are given for our own interface, by provider."""
    return {
        code: {"client_id": each.client_id, "client_secret": each.client_secret}
        for code, each in clients.items()
    }


def market_logins(logins: Mapping[str, LoginCredentials]) -> dict[str, dict[str, str]]:
    """What they are given for the market-compatible one, by provider."""
    return {code: {"user_name": each.name, "password": each.password} for code, each in logins.items()}


def demo_password_hash(password: str) -> str:
    """The hash that all demonstration people share: one slow hash instead of a dozen."""
    return make_password(password)


def _parties(parties: tuple[Party, ...]) -> tuple[dict[str, Provider], dict[str, SupportGroup]]:
    providers: dict[str, Provider] = {}
    groups: dict[str, SupportGroup] = {}
    for party in parties:
        provider = create_provider(code=party.code, name=party.name, is_internal=party.is_internal)
        providers[party.code] = provider
        for code, name in party.groups:
            groups[code] = create_group(
                code=code,
                name=name,
                provider=provider,
                email=f"{code}@{party.code}.example",
                is_entry_point=not groups,
            )
    return providers, groups


def _calendars(year: int) -> dict[str, Any]:
    office = {
        "zone": "Europe/London",
        "weekly": {day: [["08:00", "18:00"]] for day in _WEEKDAYS},
        "holidays": bank_holidays("england-and-wales", range(year - 2, year + 4)),
    }
    always = {"zone": "Europe/London", "always": True}
    return {
        "office": define_calendar(
            code="office", name="Office hours, England", definition=office, effective_from=LONG_AGO
        ),
        "always": define_calendar(
            code="always", name="Around the clock", definition=always, effective_from=LONG_AGO
        ),
    }


def _targets(calendars: dict[str, Any]) -> None:
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
                    duration=int(hours * _HOURS),
                    calendar=calendars[calendar],
                    scope={"kind": ["incident"], "priority": [priority]},
                    stop_on=stop,
                    pause_on=pauses,
                ),
                effective_from=LONG_AGO,
            )


def _services(demo: Demo, groups: dict[str, SupportGroup], calendars: dict[str, Any]) -> None:
    matrix = create_matrix(name="Standard", cells=MATRIX, is_default=True)
    for offer in demo.services:
        create_service(
            code=offer.code,
            name=offer.name,
            description=offer.description,
            support_group=groups[offer.group],
            default_impact=offer.impact,
            matrix=matrix,
            hours=calendars["always" if offer.impact == 1 else "office"],
        )
    categories: dict[str, Any] = {}
    for code, name, parent in CATEGORIES:
        categories[code] = create_category(code=code, name=name, parent=categories.get(parent))


def _people(
    demo: Demo, organisations: dict[str, Any], providers: dict[str, Provider], groups: dict[str, SupportGroup]
) -> dict[str, str]:
    emails: dict[str, str] = {}
    for player in demo.people:
        email = f"{player.key}@{demo.code}.example"
        add_member(
            email=email,
            name=player.name,
            roles=[player.role],
            organisation=organisations[player.organisation],
            provider=providers.get(player.provider),
            groups=[groups[code] for code in player.groups],
            manager=find_member(emails[player.manager]) if player.manager else None,
        )
        emails[player.key] = email
    return emails


def _actor(tenant_id: int, email: str) -> Actor:
    member = find_member(email)
    actor = actor_of_person(member.person_id, tenant_id=tenant_id, door="system") if member else None
    if actor is None:
        raise LookupError(f"{email} is no member here")
    return actor
