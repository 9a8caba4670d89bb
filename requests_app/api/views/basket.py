"""One's own basket over the API."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.schema import IF_MATCH
from doors.api.strict import checked
from doors.api.views import CustomerView, etag
from lifecycle.public import RuleError
from people.public import Actor
from requests_app.api.serializers.requests import (
    BasketFileOut,
    BasketOut,
    LineChangeIn,
    NothingMoreIn,
    OrderOut,
    StartIn,
    basket_row,
)
from requests_app.api.views.orders import order_answer
from requests_app.queries.baskets import basket_of, line_of_basket
from requests_app.queries.promises import promised_lines
from requests_app.services import basket as steps
from requests_app.services.basket_files import add_file
from requests_app.services.submit_basket import submit_basket

_MAKE = "request:make"
_FILE = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}


class BasketView(CustomerView):
    """The caller's basket."""

    permission_for: ClassVar[dict[str, str]] = {"GET": _MAKE}

    @extend_schema(operation_id="basket_read", summary="Read one's basket", responses=BasketOut)
    def get(self, request: Request) -> Response:
        """What is in the basket, what is half answered, and what is saved for later."""
        return _shown(self.actor)


class BasketLinesView(CustomerView):
    """Lines of the basket."""

    permission_for: ClassVar[dict[str, str]] = {"POST": _MAKE}

    @extend_schema(
        operation_id="basket_add",
        summary="Put an offering into the basket",
        request=StartIn,
        responses={201: BasketOut},
    )
    def post(self, request: Request) -> Response:
        """A line for the offering; it is in the basket once `pages_left` is empty."""
        given = checked(StartIn, request.data)
        steps.start_line(offering=given["offering"], actor=self.actor, at=timezone.now())
        return _shown(self.actor, status=201)


class BasketLineView(CustomerView):
    """One line of the basket."""

    permission_for: ClassVar[dict[str, str]] = {"PATCH": _MAKE, "DELETE": _MAKE}

    @extend_schema(
        operation_id="basket_change",
        summary="Change a line of the basket",
        request=LineChangeIn,
        responses=BasketOut,
    )
    def patch(self, request: Request, line_id: UUID) -> Response:
        """How many, for whom, where it stands, or the answers of one page."""
        given: dict[str, Any] = checked(LineChangeIn, request.data, partial=True)
        line_of_basket(self.actor, line_id)
        if ("page" in given) != ("answers" in given):
            raise RuleError("Say which page.", fields={"page": "Give a page together with its answers."})
        who: dict[str, Any] = {"line_id": line_id, "actor": self.actor, "at": timezone.now()}
        if "quantity" in given:
            steps.set_quantity(quantity=given["quantity"], **who)
        if "requested_for" in given:
            steps.set_recipient(email=given["requested_for"], **who)
        if "page" in given:
            steps.answer_page(page=given["page"], answers=given["answers"], **who)
        if "place" in given:
            (steps.put_back if given["place"] == "basket" else steps.save_for_later)(**who)
        return _shown(self.actor)

    @extend_schema(operation_id="basket_remove", summary="Take a line out of the basket", responses=BasketOut)
    def delete(self, request: Request, line_id: UUID) -> Response:
        """The line goes, with its files. One that is gone already is no error."""
        steps.remove_line(line_id=line_id, actor=self.actor, at=timezone.now())
        return _shown(self.actor)


class BasketRenewView(CustomerView):
    """A line whose offering changed."""

    permission_for: ClassVar[dict[str, str]] = {"POST": _MAKE}

    @extend_schema(
        operation_id="basket_renew",
        summary="Go over to the version on offer",
        request=NothingMoreIn,
        responses=BasketOut,
    )
    def post(self, request: Request, line_id: UUID) -> Response:
        """Answers that still fit are kept; `pages_left` names the pages to look at again."""
        checked(NothingMoreIn, request.data)
        steps.renew_line(line_id=line_id, actor=self.actor, at=timezone.now())
        return _shown(self.actor)


class BasketFilesView(CustomerView):
    """Files given as answers."""

    permission_for: ClassVar[dict[str, str]] = {"POST": "request:attach"}
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="basket_attach",
        summary="Give a file as an answer",
        request={"multipart/form-data": _FILE},
        responses={201: BasketFileOut},
    )
    def post(self, request: Request, line_id: UUID) -> Response:
        """A file for the line; its `id` is what an answer to a question for files names."""
        line_of_basket(self.actor, line_id)
        file = request.FILES.get("file")
        if file is None:
            raise RuleError("There is no file.", fields={"file": "Send the file as the part named 'file'."})
        kept = add_file(
            line_id=line_id, name=file.name or "", content=file, actor=self.actor, at=timezone.now()
        )
        return Response({"id": kept.pk, "name": kept.name, "size": kept.size}, status=201)


class BasketOrderView(CustomerView):
    """Ordering the basket."""

    permission_for: ClassVar[dict[str, str]] = {"POST": _MAKE}

    @extend_schema(
        operation_id="basket_order",
        summary="Order what is in the basket",
        description="`If-Match` names the basket as it was read. Sent again, it gives the same order.",
        parameters=[IF_MATCH],
        request=NothingMoreIn,
        responses={201: OrderOut},
    )
    def post(self, request: Request) -> Response:
        """One order, one request per line, all or none."""
        checked(NothingMoreIn, request.data)
        seen = self.required_version()
        if seen is None:
            seen = basket_of(self.actor).version
        return order_answer(submit_basket(seen_version=seen, actor=self.actor, at=timezone.now()), status=201)


def _shown(actor: Actor, *, status: int = 200) -> Response:
    """A response with the basket as it is now, and its version as ETag."""
    view = basket_of(actor)
    body = basket_row(view, promised_lines(view, timezone.now()))
    return Response(body, status=status, headers=etag(view.version))
