"""Builders of a small world, through the real services."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password

from calendars.models import Calendar
from calendars.public import define_calendar
from catalogue.models import Service
from catalogue.public import create_service
from people.models import Membership, Person, Provider, SupportGroup, Tenant
from people.public import (
    Actor,
    actor_of_person,
    add_member,
    create_group,
    create_organisation,
    create_provider,
    create_tenant,
)
from sla.public import TargetTerms, define_target
from tenancy.engine.scope import tenant_scope

LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)
PASSWORD = "correct horse battery"
OFFICE_HOURS = {
    "zone": "Europe/London",
    "weekly": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
}


@dataclass(frozen=True)
class World:
    """One tenant with a service desk, a network supplier, one service and its promises."""

    tenant: Tenant
    desk_provider: Provider
    supplier: Provider
    desk_group: SupportGroup
    network_group: SupportGroup
    service: Service
    calendar: Calendar
    user: Membership
    other_user: Membership
    agent: Membership
    engineer: Membership
    administrator: Membership

    def actor(self, member: Membership, door: str = "desk") -> Actor:
        """The member as an actor through a door. Call inside the tenant."""
        actor = actor_of_person(member.person_id, tenant_id=self.tenant.pk, door=door)
        assert actor is not None
        return actor


@cache
def _password_hash() -> str:
    """The hash of PASSWORD, computed once: it is slow on purpose."""
    return make_password(PASSWORD)


def build_world(code: str = "defra") -> World:
    """A tenant with everything an incident needs. Resolution: P1 4 h, others 8 h, of office hours; response 1 h."""
    tenant = create_tenant(code=code, name=code.title(), host=f"{code}.localhost")
    with tenant_scope(tenant.pk, actor="system:test"):
        root = create_organisation(code="group", name="Group")
        agency = create_organisation(code="agency", name="Agency", parent=root)
        desk_provider = create_provider(code="desk-partner", name="Desk Partner", is_internal=True)
        supplier = create_provider(code="network-co", name="Network Co")
        desk = create_group(
            code="service-desk", name="Service desk", provider=desk_provider, is_entry_point=True
        )
        network = create_group(code="network", name="Network", provider=supplier)
        calendar = define_calendar(
            code="office", name="Office hours", definition=OFFICE_HOURS, effective_from=LONG_AGO
        )
        service = create_service(code="email", name="E-mail", support_group=network, hours=calendar)
        for target, metric, priority, hours, stop in (
            ("resolution-p1", "resolution", [1], 4, "resolved"),
            ("resolution-rest", "resolution", [2, 3, 4, 5], 8, "resolved"),
            ("response", "response", [], 1, "responded:assigned"),
        ):
            define_target(
                code=target,
                name=target,
                terms=TargetTerms(
                    kind="sla",
                    metric=metric,
                    duration=hours * 3600,
                    calendar=calendar,
                    scope={"kind": ["incident"]} | ({"priority": priority} if priority else {}),
                    stop_on=(stop, "resolved"),
                    pause_on=("pending_requester",) if metric == "resolution" else (),
                ),
                effective_from=LONG_AGO,
            )

        def member(name: str, role: str, **rest: Any) -> Membership:
            made = add_member(email=f"{name}@{code}.example", name=name.title(), roles=[role], **rest)
            Person.objects.filter(pk=made.person_id).update(password=_password_hash())
            return made

        return World(
            tenant=tenant,
            desk_provider=desk_provider,
            supplier=supplier,
            desk_group=desk,
            network_group=network,
            service=service,
            calendar=calendar,
            user=member("user", "end-user", organisation=agency),
            other_user=member("other", "end-user", organisation=agency),
            agent=member("agent", "service-desk", organisation=root, provider=desk_provider, groups=[desk]),
            engineer=member("engineer", "resolver", provider=supplier, groups=[network]),
            administrator=member("administrator", "administrator", organisation=root),
        )
