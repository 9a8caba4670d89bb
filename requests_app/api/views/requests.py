"""Listing and reading requests, and the steps of a request's life."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.strict import StrictSerializer, checked
from doors.api.views import ApiView, etag
from people.public import Actor
from requests_app.api.serializers.requests import (
    CancelRequestIn,
    NothingMoreIn,
    ReopenRequestIn,
    RequestOut,
    RequestPage,
    detail_row,
)
from requests_app.policy import offers
from requests_app.queries.filters import RequestFilter
from requests_app.queries.requests import KIND, details_of, get_request
from requests_app.services import steps
from sla.api.serializers.records import whole_of
from sla.api.views.records import RecordsView, list_parameters


class RequestsView(RecordsView):
    """Requests that the caller may see."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "request:read"}
    kind = KIND
    filters = RequestFilter

    @extend_schema(
        operation_id="requests_list",
        summary="List requests",
        description="Keyset pages, newest first. `q` searches title, answers, comments. To make one, order.",
        parameters=list_parameters(RequestFilter),
        responses=RequestPage,
    )
    def get(self, request: Request) -> Response:
        """A page of requests."""
        return self.listed(request)

    def beside(self, ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
        """Order, offering and cost."""
        return {key: detail_row(detail) for key, detail in details_of(self.actor, ids).items()}


class RequestView(ApiView):
    """One request."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "request:read"}

    @extend_schema(operation_id="requests_read", summary="Read a request", responses=RequestOut)
    def get(self, request: Request, number: str) -> Response:
        """The request with answers, clocks, custody and next steps. `If-None-Match` hears only of changes."""
        record = get_request(self.actor, number)
        if request.headers.get("If-None-Match") == f'"v{record.version}"':
            return Response(status=304)
        return answer(self.actor, record)


def answer(actor: Actor, record: Any) -> Response:
    """A response with the request and its version as ETag."""
    detail = details_of(actor, [record.pk])[record.pk]
    body = whole_of(actor, record, offers(actor, record), timezone.now()) | detail_row(detail)
    return Response(body | {"answers": detail.answers}, headers=etag(record.version))


# Path → (service, input, permission). The life cycle decides what leads on from where.
STEPS: dict[str, tuple[Callable[..., Any], type[StrictSerializer], str]] = {
    "reopen": (steps.reopen, ReopenRequestIn, "request:reopen"),
    "confirm": (steps.confirm, NothingMoreIn, "request:confirm"),
    "close": (steps.close, NothingMoreIn, "request:close"),
    "cancel": (steps.cancel, CancelRequestIn, "request:cancel"),
}


def _step_view(name: str) -> type[ApiView]:
    service, reader, permission = STEPS[name]

    @extend_schema(
        operation_id=f"requests_{name}",
        summary=f"{name.capitalize()} a request",
        description=service.__doc__ or "",
        request=None if reader is NothingMoreIn else reader,
        responses=RequestOut,
    )
    def post(self: ApiView, request: Request, number: str) -> Response:
        given = checked(reader, request.data)
        record = service(
            record=get_request(self.actor, number),
            actor=self.actor,
            at=timezone.now(),
            seen_version=self.seen_version(),
            **given,
        )
        return answer(self.actor, record)

    members = {"__doc__": service.__doc__, "permission_for": {"POST": permission}, "post": post}
    return type(f"{name.capitalize()}RequestView", (ApiView,), members)


STEP_VIEWS = {name: _step_view(name) for name in STEPS}
