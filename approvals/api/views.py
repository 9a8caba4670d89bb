"""Approvals and delegations over the API. Whoever may not see a record finds none of its approvals."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.api.serializers import (
    ApprovalOut,
    ApprovalPage,
    ApproveIn,
    AskIn,
    AssignApproverIn,
    DelegationIn,
    DelegationOut,
    HandOnIn,
    RejectIn,
    approval_row,
    delegation_row,
)
from approvals.queries.levels import (
    asked_approvals,
    decided_approvals,
    get_approval,
    levels_of,
    open_approvals,
    views_of,
)
from approvals.queries.people import delegations_of
from approvals.services.deciding import approve, reject
from approvals.services.delegations import delegate, end_delegation
from approvals.services.questions import ask
from approvals.services.seating import assign_approver, hand_on
from doors.api.paging import paged
from doors.api.strict import StrictSerializer, checked
from doors.api.views import CustomerView, etag
from doors.engine.keyset import Order
from records.public import get_record

_VIEWS = ("mine", "decided", "asked")


class ApprovalsView(CustomerView):
    """Approvals."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "approval:decide"}

    @extend_schema(
        operation_id="approvals_list",
        summary="List approvals",
        description=(
            "`mine` waits for the caller, the longest first; `decided` by the caller; `asked` is all that is waited "
            "for, for those with `approval:read`. With `record`, every level of one record that the caller sees."
        ),
        parameters=[
            OpenApiParameter("view", str, enum=_VIEWS, description="mine unless said"),
            OpenApiParameter("record", str, description="number"),
            OpenApiParameter("limit", int, description="1 to 200, default 50"),
            OpenApiParameter("cursor", str),
        ],
        responses=ApprovalPage,
    )
    def get(self, request: Request) -> Response:
        """A page of approvals."""
        known = {"view", "record", "limit", "cursor"}
        unknown = {
            name: f"There is no such filter. Known: {', '.join(sorted(known))}."
            for name in request.query_params
            if name not in known
        }
        if unknown:
            raise ValidationError(unknown)
        if number := request.query_params.get("record"):
            levels = levels_of(get_record(self.actor, number))
            rows = [approval_row(level) for level in levels]
            return Response({"next": None, "previous": None, "results": rows})
        view = request.query_params.get("view", "mine")
        if view not in _VIEWS:
            raise ValidationError({"view": f"Use one of {', '.join(_VIEWS)}."})
        now = timezone.now()
        if view == "decided":
            found, order = decided_approvals(self.actor), Order("asked_at")
        else:
            mine = view == "mine"
            found = open_approvals(self.actor, now) if mine else asked_approvals(self.actor)
            order = Order("asked_at", is_descending=False)
        page, envelope = paged(request, found, order=order)
        return Response(envelope | {"results": [approval_row(level) for level in views_of(page.rows)]})


class ApprovalView(CustomerView):
    """One approval."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "approval:decide"}

    @extend_schema(operation_id="approvals_read", summary="Read an approval", responses=ApprovalOut)
    def get(self, request: Request, approval_id: UUID) -> Response:
        """The approval with all who are asked, and what they decided."""
        return answer(get_approval(self.actor, approval_id, timezone.now()))


def answer(approval: Any) -> Response:
    """A response with the approval and its version as ETag."""
    (level,) = views_of([approval])
    return Response(approval_row(level), headers=etag(level.version))


# Path → (service, input, permission).
STEPS: dict[str, tuple[Callable[..., Any], type[StrictSerializer], str]] = {
    "approve": (approve, ApproveIn, "approval:decide"),
    "reject": (reject, RejectIn, "approval:decide"),
    "ask": (ask, AskIn, "approval:decide"),
    "hand-on": (hand_on, HandOnIn, "approval:decide"),
    "assign": (assign_approver, AssignApproverIn, "approval:assign"),
}


def _step_view(name: str) -> type[CustomerView]:
    service, reader, permission = STEPS[name]

    @extend_schema(
        operation_id=f"approvals_{name.replace('-', '_')}",
        summary=f"{name.replace('-', ' ').capitalize()}: an approval",
        description=service.__doc__ or "",
        request=reader,
        responses=ApprovalOut,
    )
    def post(self: CustomerView, request: Request, approval_id: UUID) -> Response:
        given = checked(reader, request.data)
        approval = service(
            approval_id=approval_id,
            actor=self.actor,
            at=timezone.now(),
            seen_version=self.seen_version(),
            **given,
        )
        return answer(approval)

    members = {"__doc__": service.__doc__, "permission_for": {"POST": permission}, "post": post}
    return type(f"{name.title().replace('-', '')}ApprovalView", (CustomerView,), members)


STEP_VIEWS = {name: _step_view(name) for name in STEPS}


class DelegationsView(CustomerView):
    """Delegations of the caller's, and to the caller."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "approval:decide", "POST": "approval:decide"}

    @extend_schema(
        operation_id="delegations_list", summary="List delegations", responses=DelegationOut(many=True)
    )
    def get(self, request: Request) -> Response:
        """The latest hundred."""
        return Response([delegation_row(row) for row in delegations_of(self.actor)])

    @extend_schema(
        operation_id="delegations_make",
        summary="Delegate",
        description=delegate.__doc__ or "",
        request=DelegationIn,
        responses={201: DelegationOut},
    )
    def post(self, request: Request) -> Response:
        """Let somebody decide in one's stead."""
        given = checked(DelegationIn, request.data)
        made = delegate(
            to=given["delegate"],
            first_day=given["first_day"],
            last_day=given["last_day"],
            actor=self.actor,
            at=timezone.now(),
        )
        return Response(delegation_row(made), status=201)


class DelegationEndView(CustomerView):
    """The end of a delegation."""

    permission_for: ClassVar[dict[str, str]] = {"POST": "approval:decide"}

    @extend_schema(
        operation_id="delegations_end",
        summary="End a delegation of one's own",
        request=None,
        responses=DelegationOut,
    )
    def post(self, request: Request, delegation_id: UUID) -> Response:
        """Take it back from now on."""
        row = end_delegation(delegation_id=delegation_id, actor=self.actor, at=timezone.now())
        return Response(delegation_row(row))
