"""Listing and reading requests, and the steps of a request's life."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.paging import order_of, paged
from doors.api.strict import StrictSerializer, checked
from doors.api.views import ApiView, etag
from people.public import Actor
from records.public import lines_with, search
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
from requests_app.queries.requests import KIND, details_of, get_request, visible_requests
from requests_app.services import steps
from sla.api.serializers.records import line_of, whole_of
from sla.public import clocks_of_many, user_clocks_of_many, visible_clocks

ORDERINGS = {"opened_at": "opened_at", "updated_at": "updated_at", "number": "id"}
_OWN_PARAMETERS = ("q", "limit", "cursor", "ordering")
_FILTERS = [
    OpenApiParameter(
        name, str, description=str(field.label or ""), many=name in ("state", "phase", "priority")
    )
    for name, field in RequestFilter.base_filters.items()
]


class RequestsView(ApiView):
    """Requests that the caller may see."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "request:read"}

    @extend_schema(
        operation_id="requests_list",
        summary="List requests",
        description="Keyset pages, newest first. `q` searches title, answers, comments. To make one, order.",
        parameters=[
            *_FILTERS,
            OpenApiParameter("q", str),
            OpenApiParameter("limit", int, description="1 to 200, default 50"),
            OpenApiParameter("cursor", str),
            OpenApiParameter("ordering", str, enum=[s + name for name in ORDERINGS for s in ("", "-")]),
        ],
        responses=RequestPage,
    )
    def get(self, request: Request) -> Response:
        """A page of requests."""
        known = {*RequestFilter.base_filters, *_OWN_PARAMETERS}
        unknown = {
            name: f"There is no such filter. Known: {', '.join(sorted(known))}."
            for name in request.query_params
            if name not in known
        }
        if unknown:
            raise ValidationError(unknown)
        text = request.query_params.get("q", "").strip()
        rows = search(self.actor, text, kind=KIND) if text else visible_requests(self.actor)
        chosen = RequestFilter(request.query_params, queryset=rows, actor=self.actor)
        if not chosen.is_valid():
            raise ValidationError(chosen.errors)
        page, envelope = paged(request, chosen.qs, order=order_of(request, ORDERINGS), read=lines_with)
        ids = [line.id for line in page.rows]
        now, details = timezone.now(), details_of(self.actor, ids)
        clocks, users = clocks_of_many(ids, now), user_clocks_of_many(page.rows, now)
        results = [
            line_of(line, visible_clocks(self.actor, clocks.get(line.id, [])), users.get(line.id))
            | detail_row(details[line.id])
            for line in page.rows
        ]
        return Response(envelope | {"results": results})


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
