"""Raising, listing, reading and classifying incidents."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.paging import limit_of
from doors.api.strict import checked
from doors.api.views import ApiView
from doors.engine.keyset import Order, Page
from incidents.api.serializers import ClassifyIn, IncidentOut, IncidentPage, RaiseIn, levels_row
from incidents.api.views.whole import answer
from incidents.engine.filters import IncidentFilter
from incidents.queries import KIND, get_incident, levels_of, search_newest_incidents
from incidents.services.classify import classification_of, classify
from incidents.services.raise_incident import Report, raise_incident
from sla.api.views.records import RecordsView, list_parameters

NEWEST_FIRST = Order("opened_at")


class IncidentsView(RecordsView):
    """Incidents that the caller may see."""

    kind = KIND
    filters = IncidentFilter

    permission_for: ClassVar[dict[str, str]] = {"GET": "incident:read", "POST": "incident:raise"}

    @extend_schema(
        operation_id="incidents_list",
        summary="List incidents",
        description=(
            "Keyset pages, newest first. `q` searches title, description and comments among the newest 500 hits."
        ),
        parameters=list_parameters(IncidentFilter),
        responses=IncidentPage,
    )
    def get(self, request: Request) -> Response:
        """A page of incidents."""
        return self.listed(request)

    def beside(self, ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
        """Impact, urgency, category and resolution code."""
        return {key: levels_row(levels) for key, levels in levels_of(ids).items()}

    def found(self, request: Request, order: Order) -> tuple[Page[Any], dict[str, Any]]:
        """As for any kind; the first page of a search, newest first, is mostly found among the newest hits."""
        text = request.query_params.get("q", "").strip()
        if text and order == NEWEST_FIRST and "cursor" not in request.query_params:
            rows, is_all = search_newest_incidents(self.actor, text, most=2 * limit_of(request))
            page, envelope = self.filled(request, order, rows)
            if is_all or page.next_cursor:
                return page, envelope
        return super().found(request, order)

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
