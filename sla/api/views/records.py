"""The list that every kind of record has over the API."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.paging import order_of, paged
from doors.api.views import ApiView
from doors.engine.keyset import Order, Page
from records.public import Record, RecordFilter, lines_with, search, visible_records
from sla.api.serializers.records import line_of
from sla.policy import visible_clocks
from sla.queries.clocks import clocks_of_many
from sla.queries.user_clocks import user_clocks_of_many

ORDERINGS = {"opened_at": "opened_at", "updated_at": "updated_at", "number": "id"}
_OWN_PARAMETERS = ("q", "limit", "cursor", "ordering")


def list_parameters(filters: type[RecordFilter]) -> list[OpenApiParameter]:
    """What the list of a kind of record is asked with, for its description."""
    return [
        *(
            OpenApiParameter(
                name, str, description=str(field.label or ""), many=name in ("state", "phase", "priority")
            )
            for name, field in filters.base_filters.items()
        ),
        OpenApiParameter("q", str),
        OpenApiParameter("limit", int, description="1 to 200, default 50"),
        OpenApiParameter("cursor", str),
        OpenApiParameter("ordering", str, enum=[sign + name for name in ORDERINGS for sign in ("", "-")]),
    ]


class RecordsView(ApiView):
    """A list of one kind of record; the kind's own view names it, its filters, and what a line has beside."""

    kind: ClassVar[str]
    filters: ClassVar[type[RecordFilter]]

    def beside(self, ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
        """What a line shows beside the header, by record, in a constant number of reads."""
        raise NotImplementedError

    def listed(self, request: Request) -> Response:
        """A page of the records that the caller may see."""
        known = {*self.filters.base_filters, *_OWN_PARAMETERS}
        unknown = {
            name: f"There is no such filter. Known: {', '.join(sorted(known))}."
            for name in request.query_params
            if name not in known
        }
        if unknown:
            raise ValidationError(unknown)
        page, envelope = self.found(request, order_of(request, ORDERINGS))
        ids = [line.id for line in page.rows]
        now, beside = timezone.now(), self.beside(ids)
        clocks, users = clocks_of_many(ids, now), user_clocks_of_many(page.rows, now)
        results = [
            {
                **line_of(line, visible_clocks(self.actor, clocks.get(line.id, [])), users.get(line.id)),
                **beside[line.id],
            }
            for line in page.rows
        ]
        return Response(envelope | {"results": results})

    def found(self, request: Request, order: Order) -> tuple[Page[Any], dict[str, Any]]:
        """The page asked for, of all records or of those with the words of `q`."""
        text = request.query_params.get("q", "").strip()
        rows = search(self.actor, text, kind=self.kind) if text else visible_records(self.actor, self.kind)
        return self.filled(request, order, rows)

    def filled(
        self, request: Request, order: Order, rows: QuerySet[Record]
    ) -> tuple[Page[Any], dict[str, Any]]:
        """A page of `rows` as the filters leave them. Raises ValidationError."""
        chosen = self.filters(request.query_params, queryset=rows, actor=self.actor)
        if not chosen.is_valid():
            raise ValidationError(chosen.errors)
        return paged(request, chosen.qs, order=order, read=lines_with)
