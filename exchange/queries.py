"""Every read of the exchange."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils.translation import gettext

from exchange.models import Counterpart, Endpoint, EndpointHealth, Outgoing
from lifecycle.public import NotFoundError
from people.models import Provider
from sla.models import Hold


@dataclass(frozen=True, slots=True)
class EndpointState:
    """An endpoint and how it does: what waits, since when the oldest, what was given up, and what is on the wire."""

    endpoint: Endpoint
    failures: int
    open_until: datetime | None
    last_good_at: datetime | None
    last_error: str
    waiting: int
    oldest_waiting_at: datetime | None
    dead: int
    on_wire: int


def get_endpoint(provider: Provider) -> Endpoint:
    """Where a provider's system is told of changes. Raises NotFoundError."""
    row = Endpoint.objects.filter(provider=provider).first()
    if row is None:
        raise NotFoundError(gettext("This supplier's system is not told of anything."))
    return row


def endpoint_state(provider: Provider) -> EndpointState:
    """An endpoint with how it does now. Raises NotFoundError."""
    endpoint = get_endpoint(provider)
    health = EndpointHealth.objects.filter(endpoint=endpoint).first() or EndpointHealth(endpoint=endpoint)
    waits = Q(status__in=[Outgoing.Status.PENDING, Outgoing.Status.LEASED])
    counts = Outgoing.objects.filter(endpoint=endpoint).aggregate(
        waiting=Count("id", filter=waits),
        oldest=Min("made_at", filter=waits),
        dead=Count("id", filter=Q(status=Outgoing.Status.DEAD)),
    )
    return EndpointState(
        endpoint=endpoint,
        failures=health.failures,
        open_until=health.open_until,
        last_good_at=health.last_good_at,
        last_error=health.last_error,
        waiting=counts["waiting"],
        oldest_waiting_at=counts["oldest"],
        dead=counts["dead"],
        on_wire=Counterpart.objects.filter(
            provider=provider, acknowledged_at__isnull=True, record__provider=provider
        ).count(),
    )


@dataclass(frozen=True, slots=True)
class WireTime:
    """How long records were on the wire to a provider: of how many stretches, half of them and 95 % at most so long."""

    stretches: int
    median_seconds: int
    p95_seconds: int


def wire_time(provider: Provider, *, since: datetime) -> WireTime:
    """Time on the wire of what was acknowledged since an instant (UTC), from custody."""
    rows = Hold.objects.filter(
        provider=provider, party_kind="wire", ended_at__gte=since, ended_at__gt=F("started_at")
    )
    took = sorted(
        (end - start) // timedelta(seconds=1)
        for start, end in rows.values_list("started_at", "ended_at")[:10_000]
        if end is not None  # the query says so already; the type of the column does not
    )
    if not took:
        return WireTime(0, 0, 0)
    return WireTime(len(took), took[(len(took) - 1) // 2], took[ceil(0.95 * len(took)) - 1])


def messages_to(provider: Provider, *, status: str = "") -> QuerySet[Outgoing, Any]:
    """What was put in line for a provider's system."""
    rows = Outgoing.objects.select_related("record").filter(provider=provider)
    return rows.filter(status=status) if status else rows


def message_to(provider: Provider, key: UUID) -> Outgoing:
    """One message. Raises NotFoundError."""
    row = Outgoing.objects.select_related("record").filter(provider=provider, pk=key).first()
    if row is None:
        raise NotFoundError(gettext("There is no such message."))
    return row
