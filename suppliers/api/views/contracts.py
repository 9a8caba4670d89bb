"""Contracts over the API: a provider's people and clients see their own provider's."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.paging import paged
from doors.api.strict import checked
from doors.api.views import ApiView
from doors.engine.keyset import Order
from suppliers.api.serializers.contracts import (
    ContractIn,
    ContractOut,
    ContractPage,
    ImpactOut,
    TermsIn,
    broken_rows,
    line_of,
    terms_row,
)
from suppliers.queries.contracts import get_contract, terms_of, visible_contracts
from suppliers.services.contracts import (
    Terms,
    change_contract_terms,
    create_contract,
    preview_contract_terms,
)

_TERMS = ("calendar", "response_seconds", "resolution_seconds", "fulfilment_seconds", "availability")


class ContractsView(ApiView):
    """Contracts that the caller may see."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "contract:read", "POST": "contract:define"}

    @extend_schema(
        operation_id="contracts_list",
        summary="List contracts",
        parameters=[OpenApiParameter("limit", int), OpenApiParameter("cursor", str)],
        responses=ContractPage,
    )
    def get(self, request: Request) -> Response:
        """A page of contracts, by name."""
        order = Order("name", is_descending=False)
        page, envelope = paged(request, visible_contracts(self.actor), order=order)
        return Response(envelope | {"results": [line_of(contract) for contract in page.rows]})

    @extend_schema(
        operation_id="contracts_create",
        summary="Write down a contract",
        request=ContractIn,
        responses={201: ContractOut},
    )
    def post(self, request: Request) -> Response:
        """A contract and its first terms."""
        given = checked(ContractIn, request.data)
        contract = create_contract(
            code=given["code"],
            name=given["name"],
            provider=given["provider"],
            starts_date=given["starts_date"],
            ends_date=given.get("ends_date"),
            terms=_terms(given),
            effective_from=given.get("effective_from") or timezone.now(),
            actor=self.actor,
        )
        headers = {"Location": f"/api/v1/contracts/{contract.code}/"}
        return Response(_whole(contract), status=201, headers=headers)


class ContractView(ApiView):
    """One contract."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "contract:read"}

    @extend_schema(operation_id="contracts_read", summary="Read a contract", responses=ContractOut)
    def get(self, request: Request, code: str) -> Response:
        """The contract with every version of its terms, the newest first."""
        return Response(_whole(get_contract(self.actor, code)))


class TermsView(ApiView):
    """New terms of a contract."""

    permission_for: ClassVar[dict[str, str]] = {"POST": "contract:define"}

    @extend_schema(
        operation_id="contracts_change_terms",
        summary="Change the terms of a contract",
        request=TermsIn,
        responses={201: ImpactOut},
    )
    def post(self, request: Request, code: str) -> Response:
        """Terms from an instant on, added to those before. The answer names the promises that they break."""
        given = checked(TermsIn, request.data)
        changed = change_contract_terms(
            contract=get_contract(self.actor, code),
            terms=_terms(given),
            effective_from=given.get("effective_from") or timezone.now(),
            actor=self.actor,
        )
        return Response({"broken": broken_rows(changed.broken)}, status=201)


class TermsPreviewView(ApiView):
    """What new terms would do."""

    permission_for: ClassVar[dict[str, str]] = {"POST": "contract:define"}

    @extend_schema(
        operation_id="contracts_preview_terms",
        summary="See which promises new terms would break",
        request=TermsIn,
        responses=ImpactOut,
    )
    def post(self, request: Request, code: str) -> Response:
        """The promises that these terms would break. Nothing is written."""
        given = checked(TermsIn, request.data)
        broken = preview_contract_terms(
            contract=get_contract(self.actor, code),
            terms=_terms(given),
            effective_from=given.get("effective_from") or timezone.now(),
            actor=self.actor,
        )
        return Response({"broken": broken_rows(broken)})


def _terms(given: dict[str, Any]) -> Terms:
    return Terms(**{name: given[name] for name in _TERMS if name in given})


def _whole(contract: Any) -> dict[str, Any]:
    return line_of(contract) | {"terms": [terms_row(terms) for terms in terms_of(contract)]}
