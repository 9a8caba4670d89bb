"""An incident as the API shows it whole."""

from typing import Any

from django.utils import timezone
from rest_framework.response import Response

from doors.api.views import etag
from incidents.api.serializers import budget_out, hold_of, offer_of, row_of
from incidents.policy import offers
from incidents.queries import detail_of
from people.public import Actor
from sla.public import budget_of, clocks_of, custody_of, user_clock_of, visible_clocks


def whole(actor: Actor, record: Any, detail: Any = None) -> dict[str, Any]:
    """Fields, clocks, custody, and the steps that this caller may take next."""
    now = timezone.now()
    holds = custody_of(record, now)
    users = user_clock_of(record, now, holds)
    clocks = visible_clocks(actor, clocks_of(record, now))
    return row_of(record, detail or detail_of(record), clocks, users) | {
        "custody": [hold_of(hold) for hold in holds],
        "budget": budget_out(budget_of(record, clocks)) if actor.may("sla:read") else None,
        "actions": [offer_of(offer) for offer in offers(actor, record)],
    }


def answer(
    actor: Actor, record: Any, *, detail: Any = None, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """A response with the incident and its version as ETag. `detail` saves a read when it is at hand."""
    return Response(
        whole(actor, record, detail), status=status, headers=etag(record.version) | (headers or {})
    )
