"""Verdicts over all records that the caller may see."""

from datetime import UTC, datetime
from functools import partial
from typing import ClassVar

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.paging import paged
from doors.api.views import ApiView
from doors.engine.keyset import Order
from sla.api.serializers.clocks import KINDS, METRICS, VerdictPage, line_of
from sla.queries.verdicts import VERDICTS, VerdictFilter, verdict_rows, verdicts_with

NEWEST_FIRST = Order("started_at")
_CHOICES = {"kind": tuple(KINDS), "metric": tuple(METRICS), "verdict": VERDICTS}
_KNOWN = ("from", "to", *_CHOICES, "limit", "cursor")


class VerdictsView(ApiView):
    """Who met what."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "sla:read"}

    @extend_schema(
        operation_id="verdicts_list",
        summary="List verdicts",
        description="Keyset pages of clocks, the latest started first; those that were replaced have no verdict."
        " A supplier sees those of its own records: the user's promises, and its own targets.",
        parameters=[
            OpenApiParameter(
                "from", str, description="started at or after: a date (UTC), or an instant with offset"
            ),
            OpenApiParameter("to", str, description="started before"),
            *(OpenApiParameter(name, str, enum=list(values)) for name, values in _CHOICES.items()),
            OpenApiParameter("limit", int, description="1 to 200, default 50"),
            OpenApiParameter("cursor", str),
        ],
        responses=VerdictPage,
    )
    def get(self, request: Request) -> Response:
        """A page of verdicts."""
        now = timezone.now()
        rows = verdict_rows(self.actor, _wanted(request), now)
        page, envelope = paged(request, rows, order=NEWEST_FIRST, read=partial(verdicts_with, now=now))
        return Response(envelope | {"results": [line_of(view) for view in page.rows]})


def _wanted(request: Request) -> VerdictFilter:
    """The filters of the query string. Raises ValidationError, naming each that is wrong."""
    given = request.query_params
    errors = {
        name: f"There is no such filter. Known: {', '.join(_KNOWN)}." for name in given if name not in _KNOWN
    }
    for name, allowed in _CHOICES.items():
        if given.get(name, "") not in ("", *allowed):
            errors[name] = f"Use one of {', '.join(allowed)}."
    instants: dict[str, datetime | None] = {}
    for name in ("from", "to"):
        text = given.get(name, "")
        instants[name] = _instant(text)
        if text and instants[name] is None:
            errors[name] = "Use a date, 2026-11-30, or an instant with its offset, 2026-11-30T10:00:00Z."
    if errors:
        raise ValidationError(errors)
    return VerdictFilter(
        start=instants["from"],
        end=instants["to"],
        kind=given.get("kind", ""),
        metric=given.get("metric", ""),
        verdict=given.get("verdict", ""),
    )


def _instant(text: str) -> datetime | None:
    try:
        day = parse_date(text)
        if day is not None:
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None
