"""Clocks, custody and verdicts of one record, under the record's own address."""

from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.views import ApiView
from records.public import Record, get_record, require
from sla.api.serializers.clocks import (
    ClocksOut,
    VerdictList,
    budget_out,
    forecast_out,
    measured_of,
    users_of,
    verdict_out,
)
from sla.api.serializers.custody import CustodyOut, custody_of
from sla.policy import visible_clocks
from sla.queries.analysis import custody_report
from sla.queries.budget import budget_of
from sla.queries.clocks import clocks_of
from sla.queries.custody import user_clock_of
from sla.queries.forecast import forecast_of
from sla.queries.verdicts import verdict_of

REPLACED = ("superseded", "cancelled")


class _RecordView(ApiView):
    """Something of one record of a kind. Whoever may read the record and service levels may read it."""

    kind = ""
    permission_for: ClassVar[dict[str, str]] = {"GET": "sla:read"}

    def record(self, number: str) -> Record:
        """The record, seen by the caller."""
        require(self.actor, f"{self.kind}:read")
        return get_record(self.actor, number, self.kind)

    def head(self, record: Record, now: datetime) -> dict[str, Any]:
        """What every answer begins with."""
        return {"number": record.number, "as_of": now}


class ClocksView(_RecordView):
    """The clocks of one record."""

    @extend_schema(
        summary="Read a record's clocks",
        description="Contractual clocks beside the user's, the holding group's budget, and the forecast."
        " A supplier sees the user's promises and its own targets, not what others promised each other.",
        responses=ClocksOut,
    )
    def get(self, request: Request, number: str) -> Response:
        """All clocks as they stand."""
        record, now = self.record(number), timezone.now()
        views = visible_clocks(self.actor, clocks_of(record, now))
        return Response(
            self.head(record, now)
            | {
                "clocks": [measured_of(view) for view in views],
                "user_clock": users_of(user_clock_of(record, now)),
                "budget": budget_out(budget_of(record, views)),
                "forecast": forecast_out(forecast_of(self.actor, record, views)),
            }
        )


class CustodyView(_RecordView):
    """The custody of one record."""

    @extend_schema(
        summary="Read a record's custody",
        description="Who held it when, all waits, and whose minutes each breached promise was.",
        responses=CustodyOut,
    )
    def get(self, request: Request, number: str) -> Response:
        """Custody as it stands."""
        record, now = self.record(number), timezone.now()
        return Response(self.head(record, now) | custody_of(custody_report(record, now)))


class RecordVerdictsView(_RecordView):
    """The verdicts of one record."""

    @extend_schema(
        summary="Read a record's verdicts",
        description="What each clock comes to: met, missed or open. Replaced clocks have no verdict.",
        responses=VerdictList,
    )
    def get(self, request: Request, number: str) -> Response:
        """Verdicts as they stand."""
        record, now = self.record(number), timezone.now()
        views = visible_clocks(self.actor, clocks_of(record, now))
        results = [
            verdict_out(record.number, verdict_of(view), view) for view in views if view.state not in REPLACED
        ]
        return Response(self.head(record, now) | {"results": results})
