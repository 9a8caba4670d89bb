"""Raising, listing, reading and classifying incidents."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.paging import limit_of, order_of, paged
from doors.api.strict import checked
from doors.api.views import ApiView
from doors.engine.keyset import Order, Page
from incidents.api.serializers import ClassifyIn, IncidentOut, IncidentPage, RaiseIn, levels_row
from incidents.api.views.whole import answer
from incidents.engine.filters import IncidentFilter
from incidents.queries import (
    get_incident,
    levels_of,
    search_incidents,
    search_newest_incidents,
    visible_incidents,
)
from incidents.services.classify import classification_of, classify
from incidents.services.raise_incident import Report, raise_incident
from records.public import Record, lines_with
from sla.api.serializers.records import line_of
from sla.public import clocks_of_many, user_clocks_of_many, visible_clocks

NEWEST_FIRST = Order("opened_at")
ORDERINGS = {"opened_at": "opened_at", "updated_at": "updated_at", "number": "id"}
_OWN_PARAMETERS = ("q", "limit", "cursor", "ordering")
_FILTERS = [
    OpenApiParameter(
        name, str, description=str(field.label or ""), many=name in ("state", "phase", "priority")
    )
    for name, field in IncidentFilter.base_filters.items()
]


class IncidentsView(ApiView):
    """Incidents that the caller may see."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "incident:read", "POST": "incident:raise"}

    @extend_schema(
        operation_id="incidents_list",
        summary="List incidents",
        description=(
            "Keyset pages, newest first. `q` searches title, description and comments among the newest 500 hits."
        ),
        parameters=[
            *_FILTERS,
            OpenApiParameter("q", str),
            OpenApiParameter("limit", int, description="1 to 200, default 50"),
            OpenApiParameter("cursor", str),
            OpenApiParameter("ordering", str, enum=[sign + name for name in ORDERINGS for sign in ("", "-")]),
        ],
        responses=IncidentPage,
    )
    def get(self, request: Request) -> Response:
        """A page of incidents."""
        known = {*IncidentFilter.base_filters, *_OWN_PARAMETERS}
        unknown = {
            name: f"There is no such filter. Known: {', '.join(sorted(known))}."
            for name in request.query_params
            if name not in known
        }
        if unknown:
            raise ValidationError(unknown)
        page, envelope = self._page(request)
        ids = [line.id for line in page.rows]
        now, levels = timezone.now(), levels_of(ids)
        clocks, users = clocks_of_many(ids, now), user_clocks_of_many(page.rows, now)
        results = [
            line_of(line, visible_clocks(self.actor, clocks.get(line.id, [])), users.get(line.id))
            | levels_row(levels[line.id])
            for line in page.rows
        ]
        return Response(envelope | {"results": results})

    def _page(self, request: Request) -> tuple[Page[Any], dict[str, Any]]:
        order, text = order_of(request, ORDERINGS), request.query_params.get("q", "").strip()
        if not text:
            return self._filled(request, order, visible_incidents(self.actor))
        if order == NEWEST_FIRST and "cursor" not in request.query_params:
            rows, is_all = search_newest_incidents(self.actor, text, most=2 * limit_of(request))
            page, envelope = self._filled(request, order, rows)
            if is_all or page.next_cursor:
                return page, envelope
        return self._filled(request, order, search_incidents(self.actor, text))

    def _filled(
        self, request: Request, order: Order, rows: QuerySet[Record]
    ) -> tuple[Page[Any], dict[str, Any]]:
        chosen = IncidentFilter(request.query_params, queryset=rows, actor=self.actor)
        if not chosen.is_valid():
            raise ValidationError(chosen.errors)
        return paged(request, chosen.qs, order=order, read=lines_with)

    @extend_schema(
        operation_id="incidents_raise",
        summary="Raise an incident",
        request=RaiseIn,
        responses={201: IncidentOut},
    )
    def post(self, request: Request) -> Response:
        """Open an incident; its number is in the body and in `Location`."""
        given = checked(RaiseIn, request.data)
        record = raise_incident(report=Report(**given), actor=self.actor, at=timezone.now())
        return answer(
            self.actor,
            record,
            detail=record.incident,  # type: ignore[attr-defined]
            status=201,
            headers={"Location": f"/api/v1/incidents/{record.number}/"},
        )


class IncidentView(ApiView):
    """One incident."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "incident:read", "PATCH": "incident:classify"}

    @extend_schema(operation_id="incidents_read", summary="Read an incident", responses=IncidentOut)
    def get(self, request: Request, number: str) -> Response:
        """The incident with clocks, custody and next steps. Send `If-None-Match` to hear only of changes."""
        record = get_incident(self.actor, number)
        if request.headers.get("If-None-Match") == f'"v{record.version}"':
            return Response(status=304)
        return answer(self.actor, record)

    @extend_schema(
        operation_id="incidents_classify",
        summary="Classify an incident",
        request=ClassifyIn,
        responses=IncidentOut,
    )
    def patch(self, request: Request, number: str) -> Response:
        """Change what the incident is about; priority follows."""
        given: dict[str, Any] = checked(ClassifyIn, request.data, partial=True)
        record = get_incident(self.actor, number)
        record = classify(
            record=record,
            to=classification_of(given),
            actor=self.actor,
            at=timezone.now(),
            seen_version=self.seen_version(),
        )
        return answer(self.actor, record)
