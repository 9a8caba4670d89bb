"""Every read of requests."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, QuerySet, Value

from people.public import Actor
from records.models import Record
from records.public import Viewpoint, get_record, visible_records
from requests_app.models import Order, Request
from tenancy.public import compiled

KIND = "request"


def get_request(actor: Actor, number: str) -> Record:
    """The request with this number. Raises NotFoundError when there is none that the actor may see."""
    return get_record(actor, number, KIND)


@compiled
def _details(*, record_id: UUID) -> QuerySet[Request]:
    return Request.objects.select_related("order", "offering", "offering_version").filter(pk=record_id)


def request_detail(record: Record) -> Request:
    """What a request has beside the header, with its order and the version of the offering that was filled in."""
    return _details(record_id=record.pk)[0]


_BRIEF = (
    "record_id",
    "line",
    "offering_code",
    "offering_number",
    "quantity",
    "unit_price",
    "promised_at",
    "answers",
)


@compiled
def _brief(sees_orders: bool, *, keys: Collection[UUID]) -> QuerySet[Request, Any]:  # noqa: FBT001  the shape
    order: Any = F("order__number") if sees_orders else Value("")
    rows = Request.objects.filter(pk__among=keys).annotate(order_number=order)
    return rows.values_list(*_BRIEF, "order_number", named=True)


def details_of(actor: Actor, record_ids: Iterable[UUID]) -> dict[UUID, Any]:
    """What several requests have beside their headers, in one read. What else was ordered is no supplier's business."""
    rows = _brief(actor.reach != "provider", keys=list(record_ids))
    return {row.record_id: row for row in rows}


def visible_requests(actor: Actor | Viewpoint) -> QuerySet[Record]:
    """Requests that the actor may see."""
    return visible_records(actor, KIND)


@compiled
def _promised(*, keys: Collection[UUID]) -> QuerySet[Request, Any]:
    named = Request.objects.filter(pk__among=keys, promised_at__isnull=False)
    return named.values_list("record_id", "promised_at")


def promised_days(record_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """By when (UTC) each of these requests was promised before it was ordered; those without a day are left out."""
    keys = list(record_ids)
    return dict(_promised(keys=keys)) if keys else {}


class Ordered(NamedTuple):
    """One request among those ordered together; `promised_at` (UTC) is the day named before it was ordered."""

    order_id: UUID
    order_number: str
    number: str
    title: str
    promised_at: datetime | None


@compiled
def _ordered(*, keys: Collection[UUID]) -> QuerySet[Request, Any]:
    rows = Request.objects.filter(order_id__among=keys).order_by("order_id", "line")
    return rows.values_list("order_id", "order__number", "record__number", "record__title", "promised_at")


def ordered_together(order_ids: Iterable[UUID]) -> dict[UUID, list[Ordered]]:
    """What each of these orders asked for, line by line."""
    found: dict[UUID, list[Ordered]] = {}
    for row in _ordered(keys=list(order_ids)):
        found.setdefault(row[0], []).append(Ordered(*row))
    return found


def records_of_order(order: Order) -> list[Record]:
    """The requests of an order, line by line."""
    rows = Request.objects.filter(order=order).order_by("line").values_list("record_id", flat=True)
    keys = list(rows)
    found = {record.pk: record for record in Record.objects.filter(pk__in=keys)}
    return [found[key] for key in keys]
