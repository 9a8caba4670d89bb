"""Suppliers over the API, with what contracts cost and what is owed under them."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.paging import paged
from doors.api.strict import checked
from doors.api.views import ApiView
from doors.engine.keyset import Order
from people.public import today_in_tenant
from suppliers.api.serializers.duties import (
    ChargeIn,
    ChargeList,
    ChargeOut,
    DueList,
    EndIn,
    MetIn,
    ObligationIn,
    RenewalIn,
    RenewalOut,
    SupplierPage,
    charge_row,
    due_row,
    supplier_row,
)
from suppliers.queries.contracts import get_contract
from suppliers.queries.duties import calendar_of, charges_of, cost_of, ending_on
from suppliers.queries.providers import provider_lines, visible_providers
from suppliers.services.duties import (
    add_charge,
    add_obligation,
    change_renewal,
    end_duty,
    meet_obligation,
)

_READ, _DEFINE = "contract:read", "contract:define"


class SuppliersView(ApiView):
    """Suppliers whose contracts the caller may see."""

    permission_for: ClassVar[dict[str, str]] = {"GET": _READ}

    @extend_schema(
        operation_id="suppliers_list",
        summary="List suppliers",
        parameters=[OpenApiParameter("limit", int), OpenApiParameter("cursor", str)],
        responses=SupplierPage,
    )
    def get(self, request: Request) -> Response:
        """A page of suppliers with what binds them, by name."""
        rows = visible_providers(self.actor)
        page, envelope = paged(request, rows, order=Order("name", is_descending=False))
        today = today_in_tenant(self.actor, timezone.now())
        lines = provider_lines(self.actor, page.rows, today=today)
        return Response(envelope | {"results": [supplier_row(line) for line in lines]})


class ChargesView(ApiView):
    """What a contract costs."""

    permission_for: ClassVar[dict[str, str]] = {"GET": _READ, "POST": _DEFINE}

    @extend_schema(operation_id="contracts_charges", summary="List charges", responses=ChargeList)
    def get(self, request: Request, code: str) -> Response:
        """Every charge, and what this month costs."""
        contract = get_contract(self.actor, code)
        today = today_in_tenant(self.actor, timezone.now())
        charges = charges_of(contract)
        return Response(
            {
                "results": [charge_row(charge) for charge in charges],
                "month": today.replace(day=1),
                "cost_of_month": str(cost_of(charges, today)),
            }
        )

    @extend_schema(
        operation_id="contracts_add_charge",
        summary="Write a charge down",
        request=ChargeIn,
        responses={201: ChargeOut},
    )
    def post(self, request: Request, code: str) -> Response:
        """Another charge."""
        given = checked(ChargeIn, request.data)
        charge = add_charge(contract=get_contract(self.actor, code), actor=self.actor, **given)
        return Response(charge_row(charge), status=201)


class ObligationsView(ApiView):
    """What is owed under a contract."""

    permission_for: ClassVar[dict[str, str]] = {"GET": _READ, "POST": _DEFINE}

    @extend_schema(operation_id="contracts_obligations", summary="List what is owed", responses=DueList)
    def get(self, request: Request, code: str) -> Response:
        """What was and is owed, by day."""
        return self._shown(get_contract(self.actor, code))

    @extend_schema(
        operation_id="contracts_add_obligation",
        summary="Write an obligation down",
        request=ObligationIn,
        responses={201: DueList},
    )
    def post(self, request: Request, code: str) -> Response:
        """Another obligation; the answer is the contract's calendar with it."""
        contract = get_contract(self.actor, code)
        add_obligation(contract=contract, actor=self.actor, **checked(ObligationIn, request.data))
        return self._shown(contract, status=201)

    def _shown(self, contract: Any, *, status: int = 200) -> Response:
        today = today_in_tenant(self.actor, timezone.now())
        rows = [due_row(due) for due in calendar_of(contract, today=today)]
        return Response({"results": rows}, status=status)


class MetView(ApiView):
    """What was owed was done."""

    permission_for: ClassVar[dict[str, str]] = {"POST": _DEFINE}

    @extend_schema(
        operation_id="contracts_meet_obligation",
        summary="Note an obligation as met",
        request=MetIn,
        responses={204: None},
    )
    def post(self, request: Request, code: str, duty: UUID) -> Response:
        """Once for each day."""
        given = checked(MetIn, request.data)
        contract = get_contract(self.actor, code)
        meet_obligation(contract=contract, key=duty, actor=self.actor, at=timezone.now(), **given)
        return Response(status=204)


class EndView(ApiView):
    """The last day of a charge or an obligation."""

    permission_for: ClassVar[dict[str, str]] = {"POST": _DEFINE}

    @extend_schema(
        operation_id="contracts_end_duty",
        summary="End a charge or an obligation",
        request=EndIn,
        responses={204: None},
    )
    def post(self, request: Request, code: str, duty: UUID) -> Response:
        """What was before stays as it was."""
        given = checked(EndIn, request.data)
        end_duty(contract=get_contract(self.actor, code), key=duty, actor=self.actor, **given)
        return Response(status=204)


class RenewalView(ApiView):
    """When a contract ends, and what then."""

    permission_for: ClassVar[dict[str, str]] = {"GET": _READ, "PUT": _DEFINE}

    @extend_schema(operation_id="contracts_renewal", summary="Read how a contract ends", responses=RenewalOut)
    def get(self, request: Request, code: str) -> Response:
        """Its last day, what happens then, and whether that must be thought of."""
        return self._shown(get_contract(self.actor, code))

    @extend_schema(
        operation_id="contracts_change_renewal",
        summary="Change how a contract ends",
        request=RenewalIn,
        responses=RenewalOut,
    )
    def put(self, request: Request, code: str) -> Response:
        """All of it."""
        given = checked(RenewalIn, request.data)
        contract = get_contract(self.actor, code)
        return self._shown(change_renewal(contract=contract, actor=self.actor, **given))

    def _shown(self, contract: Any) -> Response:
        ending = ending_on(contract, today_in_tenant(self.actor, timezone.now()))
        body = {
            name: getattr(contract, name) for name in ("ends_date", "renewal", "notice_days", "warning_days")
        }
        more = {"think_of_it": ending.kind if ending else None, "by": ending.by if ending else None}
        return Response(body | more)
