"""Seats at level Use: whose people worked in the desk in a month, by the rule in docs/suppliers.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min

from people.models import Provider
from people.public import Actor, get_tenant, providers
from records.models import AuditEntry
from records.public import require
from reporting.engine.questions import Month


@dataclass(frozen=True, slots=True)
class Seat:
    """A member who took at least one step in the desk: the name at the last, first and last step (UTC), how many."""

    membership_id: UUID
    name: str
    first_at: datetime
    last_at: datetime
    steps: int


@dataclass(frozen=True, slots=True)
class ProviderSeats:
    """A provider's active seats of a month, by name."""

    provider: Provider
    seats: tuple[Seat, ...]


def seats_of(actor: Actor, month: Month) -> list[ProviderSeats]:
    """The active seats of a month of the tenant's, provider by provider: a provider's people see their own.

    Counted from the audit, so that it comes out the same whenever it is asked. Raises ForbiddenError.
    """
    require(actor, "report:read")
    start, end = _ends(month, get_tenant(actor.tenant_id).time_zone)
    rows = AuditEntry.objects.filter(at__gte=start, at__lt=end, actor_kind="member", door="desk")
    shown = providers()
    if actor.reach not in ("all", "system"):
        rows = rows.filter(provider_id=actor.provider_id)
        shown = [row for row in shown if row.pk == actor.provider_id]
    counted = (
        rows.filter(provider_id__isnull=False)
        .values_list("provider_id", "actor_id")
        .annotate(Max("actor_name"), Min("at"), Max("at"), Count("pk"))
    )
    found: dict[UUID, list[Seat]] = {}
    for provider, *seat in counted:
        found.setdefault(provider, []).append(Seat(*seat))
    return [ProviderSeats(row, _by_name(found, row.pk)) for row in shown]


def _by_name(found: Mapping[UUID, list[Seat]], provider: UUID) -> tuple[Seat, ...]:
    return tuple(sorted(found.get(provider, ()), key=lambda seat: (seat.name, seat.membership_id)))


def _ends(month: Month, zone: str) -> tuple[datetime, datetime]:
    """The first instant of a month and of the next, where the tenant is."""
    return (
        datetime.combine(month.first, time.min, ZoneInfo(zone)),
        datetime.combine(month.plus(1).first, time.min, ZoneInfo(zone)),
    )
