"""What the APIs of the basket, orders and requests take and give, explicitly."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from rest_framework import serializers

from doors.api.strict import StrictSerializer
from records.public import BODY_MAX
from sla.api.serializers.records import RecordOut, RecordRow


class LineIn(StrictSerializer):
    """One line of an order. `number` is the version of the offering that was read; without it, whatever is on offer."""

    offering = serializers.CharField(max_length=60, help_text="code of an offering")
    quantity = serializers.IntegerField(required=False, min_value=1, max_value=999)
    answers = serializers.DictField(required=False, help_text="as the offering's schema says")
    number = serializers.IntegerField(required=False, min_value=1)
    requested_for = serializers.EmailField(required=False, allow_blank=True)


class OrderIn(StrictSerializer):
    """An order: one request per line, all or none."""

    lines = serializers.ListField(child=LineIn(), min_length=1, max_length=50)
    requester = serializers.EmailField(required=False, allow_blank=True, help_text="in whose name")


class StartIn(StrictSerializer):
    """An offering for the basket."""

    offering = serializers.CharField(max_length=60)


class LineChangeIn(StrictSerializer):
    """What is to change of a line: how many, for whom, where it stands, or the answers of one page of its form."""

    quantity = serializers.IntegerField(required=False, min_value=1, max_value=999)
    requested_for = serializers.EmailField(required=False, allow_blank=True)
    place = serializers.ChoiceField(required=False, choices=["basket", "saved"])
    page = serializers.CharField(required=False, max_length=40, help_text="whose answers are given")
    answers = serializers.DictField(required=False)


class ReopenRequestIn(StrictSerializer):
    """Why it is not as asked for."""

    comment = serializers.CharField(max_length=BODY_MAX)


class CancelRequestIn(StrictSerializer):
    """Why."""

    reason = serializers.CharField(max_length=500)


class NothingMoreIn(StrictSerializer):
    """The step needs nothing."""


class BasketFileOut(serializers.Serializer[Any]):
    """A file given as an answer."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")


class BasketLineOut(serializers.Serializer[Any]):
    """A line of a basket. `on_offer` is the version on offer now, null when it is not offered any more."""

    id = serializers.UUIDField()
    offering = serializers.CharField()
    number = serializers.IntegerField(help_text="version that was filled in")
    on_offer = serializers.IntegerField(allow_null=True)
    place = serializers.ChoiceField(choices=["answering", "basket", "saved"])
    quantity = serializers.IntegerField()
    answers = serializers.DictField()
    pages_left = serializers.ListField(child=serializers.CharField())
    requested_for = serializers.CharField(allow_null=True)
    unit_price = serializers.CharField(allow_null=True, help_text="pounds")
    promised_at = serializers.DateTimeField(
        allow_null=True, help_text="when it is ready if ordered now, and approved at once where it has to be"
    )
    files = BasketFileOut(many=True)


class BasketOut(serializers.Serializer[Any]):
    """One's basket. `version` is its ETag, and what ordering it rests on."""

    version = serializers.IntegerField()
    lines = BasketLineOut(many=True)


class RequestRow(RecordRow):
    """A request in a list. `cost` in pounds is unit price times quantity."""

    order = serializers.CharField(help_text="number of the order; empty for suppliers")
    line = serializers.IntegerField()
    offering = serializers.CharField()
    offering_number = serializers.IntegerField(help_text="version of the offering that was filled in")
    quantity = serializers.IntegerField()
    cost = serializers.CharField(allow_null=True)
    promised_at = serializers.DateTimeField(allow_null=True)


class RequestOut(RequestRow, RecordOut):
    """A request, whole."""

    answers = serializers.DictField()


class RequestPage(serializers.Serializer[Any]):
    """A page of requests; `next` and `previous` are addresses."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = RequestRow(many=True)


class OrderOut(serializers.Serializer[Any]):
    """An order and its requests, line by line."""

    number = serializers.CharField()
    ordered_at = serializers.DateTimeField()
    requests = serializers.ListField(child=serializers.CharField(), help_text="numbers")


def detail_row(detail: Any) -> dict[str, Any]:
    """What a request has beside its header, from its row or from a line of a list."""
    cost = None if detail.unit_price is None else f"{Decimal(detail.unit_price) * detail.quantity:.2f}"
    return {
        "order": detail.order_number,
        "line": detail.line,
        "offering": detail.offering_code,
        "offering_number": detail.offering_number,
        "quantity": detail.quantity,
        "cost": cost,
        "promised_at": detail.promised_at,
    }


def basket_row(view: Any, promised: Mapping[UUID, datetime | None]) -> dict[str, Any]:
    """A basket as BasketOut describes it; `promised` by line."""
    return {
        "version": view.version,
        "lines": [line_row(line) | {"promised_at": promised.get(line.id)} for line in view.lines],
    }


def line_row(line: Any) -> dict[str, Any]:
    """A line as BasketLineOut describes it."""
    return {
        "id": line.id,
        "offering": line.code,
        "number": line.version.number,
        "on_offer": line.card.number if line.card else None,
        "place": line.place,
        "quantity": line.quantity,
        "answers": line.answers,
        "pages_left": list(line.pages_left),
        "requested_for": line.recipient_email or None,
        "unit_price": str(line.card.unit_price) if line.card and line.card.unit_price else None,
        "files": [{"id": file.pk, "name": file.name, "size": file.size} for file in line.files.values()],
    }
