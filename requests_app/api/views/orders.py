"""Orders over the API."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.strict import checked
from doors.api.views import CustomerView
from requests_app.api.serializers.requests import OrderIn, OrderOut
from requests_app.queries.baskets import get_order
from requests_app.queries.requests import records_of_order
from requests_app.services.order import Wanted, place_order


class OrdersView(CustomerView):
    """Orders."""

    permission_for: ClassVar[dict[str, str]] = {"POST": "request:make"}

    @extend_schema(
        operation_id="orders_place",
        summary="Order",
        description="One request per line, all or none. Every fault is named by line: `lines.0.answers.colour`.",
        request=OrderIn,
        responses={201: OrderOut},
    )
    def post(self, request: Request) -> Response:
        """Order without a basket; the order's number is in the body and in `Location`."""
        given = checked(OrderIn, request.data)
        wanted = [Wanted(**line) for line in given["lines"]]
        placed = place_order(
            wanted=wanted, requester=given.get("requester", ""), actor=self.actor, at=timezone.now()
        )
        return order_answer(placed.order, status=201)


class OrderView(CustomerView):
    """One order."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "request:read"}

    @extend_schema(operation_id="orders_read", summary="Read an order of one's own", responses=OrderOut)
    def get(self, request: Request, number: str) -> Response:
        """The order with the numbers of its requests."""
        return order_answer(get_order(self.actor, number))


def order_answer(order: Any, *, status: int = 200) -> Response:
    """A response with the order."""
    body = {
        "number": order.number,
        "ordered_at": order.ordered_at,
        "requests": [record.number for record in records_of_order(order)],
    }
    return Response(body, status=status, headers={"Location": f"/api/v1/orders/{order.number}/"})
