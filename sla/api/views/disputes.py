"""Disputes over the API."""

from typing import ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.paging import paged
from doors.api.strict import checked
from doors.api.views import ApiView, etag
from doors.engine.keyset import Order
from sla.api.serializers.disputes import (
    STATES,
    DisputeIn,
    DisputePage,
    DisputeWithFiguresOut,
    RulingIn,
    RulingPreviewOut,
    dispute_out,
    preview_out,
    with_figures,
)
from sla.queries.disputes import disputes, get_dispute
from sla.services.contest import Contest, contest
from sla.services.rule import Decision, preview_ruling, rule_dispute
from sla.services.settle import withdraw_dispute

NEWEST_FIRST = Order("id")
_WHO = "Holders of sla:contest see their own provider's, holders of sla:rule all."
_IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description='ETag of the dispute as read, e.g. "v1"; * for whatever it is by now.',
)


class DisputesView(ApiView):
    """Disputes that the caller may see."""

    # Reading needs one of two permissions, which the query asks for.
    permission_for: ClassVar[dict[str, str]] = {"GET": "sla:read", "POST": "sla:contest"}

    @extend_schema(
        operation_id="disputes_list",
        summary="List disputes",
        description=f"Newest first. {_WHO}",
        parameters=[
            OpenApiParameter("state", str, enum=STATES),
            OpenApiParameter("limit", int),
            OpenApiParameter("cursor", str),
        ],
        responses=DisputePage,
    )
    def get(self, request: Request) -> Response:
        """A page of disputes."""
        rows, state = disputes(self.actor), request.query_params.get("state", "")
        if state and state not in STATES:
            raise ValidationError({"state": f"Use one of {', '.join(STATES)}."})
        page, envelope = paged(request, rows.filter(state=state) if state else rows, order=NEWEST_FIRST)
        return Response(envelope | {"results": [dispute_out(row) for row in page.rows]})

    @extend_schema(
        operation_id="disputes_contest",
        summary="Contest a stretch of custody or a verdict",
        description=(
            "For the caller's own provider, until 30 days after the record was closed. One dispute at a time about the"
            " same (`contested_already`); what was ruled once more, with new evidence and `follows`"
            " (`ruled_already`)."
        ),
        request=DisputeIn,
        responses={201: DisputeWithFiguresOut},
    )
    def post(self, request: Request) -> Response:
        """A dispute, raised."""
        now = timezone.now()
        made = contest(said=Contest(**checked(DisputeIn, request.data)), actor=self.actor, at=now)
        headers = etag(made.version) | {"Location": f"/api/v1/disputes/{made.pk}/"}
        return Response(with_figures(made, self.actor, now), status=201, headers=headers)


class DisputeView(ApiView):
    """One dispute."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "sla:read"}

    @extend_schema(
        operation_id="disputes_read",
        summary="Read a dispute",
        description=_WHO,
        responses=DisputeWithFiguresOut,
    )
    def get(self, request: Request, dispute_id: UUID) -> Response:
        """The dispute, with the record's figures as measured and as ruled."""
        found = get_dispute(self.actor, dispute_id)
        return Response(with_figures(found, self.actor, timezone.now()), headers=etag(found.version))


class WithdrawView(ApiView):
    """Taking a dispute back."""

    permission_for: ClassVar[dict[str, str]] = {"POST": "sla:contest"}

    @extend_schema(
        operation_id="disputes_withdraw",
        summary="Withdraw a dispute",
        description="By the provider that contests, until it is ruled.",
        parameters=[_IF_MATCH],
        request=None,
        responses={200: DisputeWithFiguresOut},
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """The dispute, withdrawn."""
        now, seen = timezone.now(), _seen(self, dispute_id)
        found = withdraw_dispute(dispute_id=dispute_id, seen_version=seen, actor=self.actor, at=now)
        return Response(with_figures(found, self.actor, now), headers=etag(found.version))


class RuleView(ApiView):
    """Ruling on a dispute."""

    permission_for: ClassVar[dict[str, str]] = {"POST": "sla:rule"}

    @extend_schema(
        operation_id="disputes_rule",
        summary="Rule on a dispute",
        description="By somebody else than who contested. Figures then count as ruled, with the original beside.",
        parameters=[_IF_MATCH],
        request=RulingIn,
        responses={200: DisputeWithFiguresOut},
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """The dispute, ruled."""
        now, seen = timezone.now(), _seen(self, dispute_id)
        found = rule_dispute(
            dispute_id=dispute_id,
            decision=Decision(**checked(RulingIn, request.data)),
            seen_version=seen,
            actor=self.actor,
            at=now,
        )
        return Response(with_figures(found, self.actor, now), headers=etag(found.version))


class RulePreviewView(ApiView):
    """What ruling on a dispute would change."""

    permission_for: ClassVar[dict[str, str]] = {"POST": "sla:rule"}

    @extend_schema(
        operation_id="disputes_preview_ruling",
        summary="See what a ruling would change",
        description="Each party's time and each verdict without the ruling and with it. Nothing is saved.",
        parameters=[_IF_MATCH],
        request=RulingIn,
        responses={200: RulingPreviewOut},
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """The record's figures before and after."""
        now, seen = timezone.now(), _seen(self, dispute_id)
        preview = preview_ruling(
            dispute_id=dispute_id,
            decision=Decision(**checked(RulingIn, request.data)),
            seen_version=seen,
            actor=self.actor,
            at=now,
        )
        return Response(preview_out(preview))


def _seen(view: ApiView, dispute_id: UUID) -> int | None:
    """The version that the caller read, asked of those only who may read it. Raises NotFoundError and as the view."""
    get_dispute(view.actor, dispute_id)
    return view.required_version()
