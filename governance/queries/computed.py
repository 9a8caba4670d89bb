"""What the platform knows by itself of services and suppliers: which computed checks they meet.

Every question is asked once for all of them, so that an overview reads no more for many than for one.
"""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from catalogue.models import Component, Dependency, Service
from catalogue.public import without_definition
from people.models import GroupMembership, Provider, SupportGroup
from suppliers.models import Contract

Met = dict[UUID, set[str]]


def met_by_services(services: Sequence[Service], today: date) -> Met:
    """The computed checks that each of these services meets on a day (of the tenant)."""
    keys = [service.pk for service in services]
    groups = {service.support_group_id for service in services if service.support_group_id}
    peopled = _peopled(groups)
    undefined, contracted = without_definition(keys), _under_contract(keys, today)
    found: Met = {}
    for service in services:
        group = service.support_group
        answers = {
            "support_group": group is not None and group.is_active and group.pk in peopled,
            "contracts": service.pk in contracted,
            "definition": service.pk not in undefined,
            "hours": service.hours_id is not None,
            "owner": service.owner_id is not None,
        }
        found[service.pk] = {name for name, is_met in answers.items() if is_met}
    return found


def met_by_suppliers(suppliers: Sequence[Provider], today: date) -> Met:
    """The computed checks that each of these suppliers meets on a day (of the tenant)."""
    keys = [supplier.pk for supplier in suppliers]
    groups: dict[UUID, list[SupportGroup]] = {key: [] for key in keys}
    for group in SupportGroup.objects.filter(provider__in=keys, is_active=True):
        groups[group.provider_id].append(group)
    peopled = _peopled([group.pk for theirs in groups.values() for group in theirs])
    in_force = Contract.objects.filter(_in_force(today), provider__in=keys)
    bound = set(in_force.values_list("provider", flat=True))
    found: Met = {}
    for key, theirs in groups.items():
        answers = {
            "contract": key in bound,
            "groups": bool(theirs) and all(group.pk in peopled for group in theirs),
            "mailboxes": bool(theirs) and all(group.email for group in theirs),
        }
        found[key] = {name for name, is_met in answers.items() if is_met}
    return found


def _peopled(groups: Collection[UUID]) -> set[UUID]:
    """The support groups that have somebody in them."""
    members = GroupMembership.objects.filter(support_group__in=groups, membership__is_active=True)
    return set(members.values_list("support_group", flat=True))


def _under_contract(services: Collection[UUID], today: date) -> set[UUID]:
    """Services whose every component is under a contract in force. What is made of nothing yet has none to show."""
    parts = Dependency.objects.filter(group__service__in=services, component__isnull=False)
    used = list(parts.values_list("group__service", "component"))
    in_force = Contract.objects.filter(_in_force(today)).values("pk")
    kept = Component.objects.filter(pk__in={part for _, part in used}, contract__in=in_force)
    safe = set(kept.values_list("pk", flat=True))
    return {service for service, _ in used} - {service for service, part in used if part not in safe}


def _in_force(today: date) -> Q:
    return Q(starts_date__lte=today) & (Q(ends_date__isnull=True) | Q(ends_date__gte=today))
