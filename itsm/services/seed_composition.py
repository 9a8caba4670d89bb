"""What the demonstration's services are made of, under which contracts, and one promise that they cannot keep."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from calendars.models import Calendar
from catalogue.public import (
    Part,
    PartGroup,
    create_component,
    create_service,
    service_in_any_stage,
    set_dependencies,
)
from people.models import Provider
from people.public import Actor
from sla.public import TargetTerms, define_promise, promise_availability
from suppliers.models import Contract
from suppliers.public import Terms, create_contract

_HOUR = 3600


class _Deal(NamedTuple):
    """A contract: code, name, provider, calendar, hours to resolve, availability in percent."""

    code: str
    name: str
    provider: str
    calendar: str
    hours: int
    availability: str


_DEALS = (
    _Deal("network-services", "Network services", "network-supplier", "always", 3, "99.95"),
    _Deal("hosting", "Hosting in two data centres", "hosting-supplier", "always", 4, "99.5"),
    _Deal("application-support", "Application support", "hosting-supplier", "always", 6, "99.9"),
    _Deal("productivity", "Productivity suite", "productivity-suite", "always", 8, "99.9"),
    _Deal("end-user-computing", "End-user computing", "euc-supplier", "office", 9, "99.5"),
)
# Code, name, contract; "" for none.
_COMPONENTS = (
    ("wide-area-network", "Wide area network", "network-services"),
    ("wifi", "Wifi", "network-services"),
    ("vpn-gateway", "VPN gateway", "network-services"),
    ("north-data-centre", "Data centre north", "hosting"),
    ("south-data-centre", "Data centre south", "hosting"),
    ("payments-application", "Payments application", "application-support"),
    ("mail-platform", "Mail platform", "productivity"),
    ("laptop-support", "Laptop support", "end-user-computing"),
)
_SITES = PartGroup(
    "Hosting", (Part(component="north-data-centre"), Part(component="south-data-centre")), needed=1
)
_NETWORK = PartGroup("Network", (Part(service="office-network", handover_seconds=_HOUR // 2),))
_MADE_OF = {
    "office-network": (PartGroup("Network", (Part(component="wide-area-network"), Part(component="wifi"))),),
    "remote-access": (PartGroup("Way in", (Part(component="vpn-gateway"),)), _NETWORK),
    "email-calendar": (PartGroup("Mail", (Part(component="mail-platform"),)), _NETWORK),
    "laptop": (PartGroup("Support", (Part(component="laptop-support"),)),),
    "rural-payments": (
        PartGroup("Application", (Part(component="payments-application"),)),
        _SITES,
        _NETWORK,
    ),
}
_REASON = (
    "The hosting supplier has agreed to four hours from April and pays for delays until then. "
    "The payment window cannot wait."
)


def seed_composition(
    *,
    providers: dict[str, Provider],
    calendars: dict[str, Calendar],
    actor: Actor,
    at: datetime,
    since: datetime,
) -> None:
    """Contracts, components and parts of the large demonstration; nothing where its providers are not."""
    if not {deal.provider for deal in _DEALS} <= providers.keys():
        return
    contracts = {deal.code: _contract(deal, actor, since) for deal in _DEALS}
    for code, name, contract in _COMPONENTS:
        under = contracts[contract]
        create_component(code=code, name=name, provider=under.provider, contract=under, actor=actor)
    _not_live_yet(providers, calendars, actor, at)
    for code, groups in _MADE_OF.items():
        set_dependencies(service=service_in_any_stage(code), groups=groups, actor=actor, at=at)
    _promise("rural-payments", 4, calendars["always"], actor, at, since, accepted_because=_REASON)
    _promise("office-network", 4, calendars["always"], actor, at, since)
    for code, share in (("email-calendar", "99.5"), ("rural-payments", "99.5")):
        promise_availability(
            service=service_in_any_stage(code),
            percent=Decimal(share),
            effective_from=since,
            actor=actor,
            at=at,
        )


def _contract(deal: _Deal, actor: Actor, since: datetime) -> Contract:
    return create_contract(
        code=deal.code,
        name=deal.name,
        provider=deal.provider,
        starts_date=date(2024, 4, 1),
        terms=Terms(
            calendar=deal.calendar,
            response_seconds=_HOUR // 2,
            resolution_seconds=deal.hours * _HOUR,
            fulfilment_seconds=40 * _HOUR,
            availability=Decimal(deal.availability),
        ),
        effective_from=since,
        actor=actor,
    )


def _not_live_yet(
    providers: dict[str, Provider], calendars: dict[str, Calendar], actor: Actor, at: datetime
) -> None:
    """A service that is being designed, with a part that nobody is bound to supply."""
    service = create_service(
        code="farm-visits",
        name="Farm visits",
        description="Planning and recording visits to farms, on tablets.",
        stage="accepting",
        hours=calendars["office"],
    )
    create_component(
        code="mapping-service", name="Mapping service", provider=providers["hosting-supplier"], actor=actor
    )
    groups = (
        PartGroup("Application", (Part(component="mapping-service"), Part(component="laptop-support"))),
        _SITES,
    )
    set_dependencies(service=service, groups=groups, actor=actor, at=at)


def _promise(
    code: str,
    hours: int,
    calendar: Calendar,
    actor: Actor,
    at: datetime,
    since: datetime,
    *,
    accepted_because: str = "",
) -> None:
    """What the standard target promises for the highest priority, promised for this service by name."""
    service = service_in_any_stage(code)
    define_promise(
        code=f"{code}-resolution-p1",
        name=f"{service.name}: resolution, priority 1",
        terms=TargetTerms(
            kind="sla",
            metric="resolution",
            duration=hours * _HOUR,
            calendar=calendar,
            scope={"kind": ["incident"], "service": [service.pk], "priority": [1]},
            pause_on=("pending_requester",),
        ),
        effective_from=since,
        actor=actor,
        at=at,
        accepted_because=accepted_because,
    )
