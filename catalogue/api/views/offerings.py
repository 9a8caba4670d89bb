"""Offerings over the API: what the caller may request, and designing it."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.api.serializers import (
    DesignOut,
    DesignPage,
    OfferingDraftIn,
    OfferingIn,
    OfferingPage,
    OfferingWhole,
    PlaceIn,
    PublishOfferingIn,
)
from catalogue.queries.offerings import (
    Card,
    all_offerings,
    audience_of,
    card_for,
    card_page,
    get_offering,
    offering_version,
    versions_of_offering,
)
from catalogue.queries.services import catalogue, service_in_any_stage
from catalogue.services import offerings as steps
from catalogue.services.answers import answers_schema
from doors.api.paging import address_of, limit_of, paged
from doors.api.schema import IF_MATCH
from doors.api.strict import checked
from doors.api.views import CustomerView, etag
from doors.engine.keyset import Order
from people.public import standing_of, today_in_tenant

_LANGUAGES = ("en", "cy")
_READ, _DEFINE = "request:make", "offering:define"


class OfferingsView(CustomerView):
    """What the caller may request."""

    permission_for: ClassVar[dict[str, str]] = {"GET": _READ, "POST": _DEFINE}

    @extend_schema(
        operation_id="offerings_list",
        summary="List what one may request",
        description="By name; with `q`, the best fits first. What the caller may not have is not there.",
        parameters=[
            OpenApiParameter("q", str),
            OpenApiParameter("category", str),
            OpenApiParameter("limit", int, description="1 to 200, default 50"),
            OpenApiParameter("cursor", str, description="code of the last one read"),
        ],
        responses=OfferingPage,
    )
    def get(self, request: Request) -> Response:
        """A page of offerings."""
        asked = request.query_params
        page = card_page(
            standing_of(self.actor),
            text=asked.get("q", ""),
            category=asked.get("category", ""),
            after=asked.get("cursor", ""),
            most=limit_of(request),
        )
        envelope = {"next": address_of(request, page.next_after), "previous": None}
        return Response(envelope | {"results": [_row(card) for card in page.cards]})

    @extend_schema(
        operation_id="offerings_create",
        summary="Begin to design an offering",
        request=OfferingIn,
        responses={201: DesignOut},
    )
    def post(self, request: Request) -> Response:
        """A draft that nobody can request yet."""
        given = checked(OfferingIn, request.data)
        offering = steps.create_offering(
            code=given["code"],
            service=service_in_any_stage(given["service"]),
            category=steps.category_with(given.get("category", "")),
            name=given["name"],
            actor=self.actor,
        )
        headers = {"Location": f"/api/v1/offerings/{offering.code}/design/"}
        return design_answer(offering.code, status=201, headers=headers)


class OfferingView(CustomerView):
    """One offering."""

    permission_for: ClassVar[dict[str, str]] = {"GET": _READ}

    @extend_schema(operation_id="offerings_read", summary="Read an offering", responses=OfferingWhole)
    def get(self, request: Request, code: str) -> Response:
        """The offering as it is on offer; 404 for one that the caller may not have."""
        card = card_for(standing_of(self.actor), code)
        design = offering_version(card.code, card.number).design
        return Response(_row(card) | {"description": design.get("description", {})})


class OfferingSchemaView(CustomerView):
    """What an offering asks."""

    permission_for: ClassVar[dict[str, str]] = {"GET": _READ}

    @extend_schema(
        operation_id="offerings_schema",
        summary="Read the schema of an offering's answers",
        description="JSON Schema 2020-12: it accepts exactly the answers that an order may give.",
        parameters=[OpenApiParameter("language", str, enum=list(_LANGUAGES))],
        responses={200: {"type": "object"}},
    )
    def get(self, request: Request, code: str) -> Response:
        """The schema of the version on offer."""
        card = card_for(standing_of(self.actor), code)
        asked = request.query_params.get("language", "en")
        language = asked if asked in _LANGUAGES else "en"
        version = offering_version(card.code, card.number)
        today = today_in_tenant(self.actor, timezone.now())
        return Response(answers_schema(version, language, today=today), headers=etag(card.number))


class DesignsView(CustomerView):
    """Offerings in any stage."""

    permission_for: ClassVar[dict[str, str]] = {"GET": _DEFINE}

    @extend_schema(
        operation_id="offerings_designs",
        summary="List offerings in any stage",
        parameters=[OpenApiParameter("limit", int), OpenApiParameter("cursor", str)],
        responses=DesignPage,
    )
    def get(self, request: Request) -> Response:
        """A page of offerings, by code."""
        page, envelope = paged(request, all_offerings(), order=Order("code", is_descending=False))
        rows = [
            {"code": row.code, "stage": row.stage, "service": row.service.code, "number": row.number}
            for row in page.rows
        ]
        return Response(envelope | {"results": rows})


class DesignView(CustomerView):
    """The design of one offering."""

    permission_for: ClassVar[dict[str, str]] = {"GET": _DEFINE, "PATCH": _DEFINE}

    @extend_schema(operation_id="offerings_design", summary="Read an offering's design", responses=DesignOut)
    def get(self, request: Request, code: str) -> Response:
        """The draft, whom it is for, and its published versions."""
        return design_answer(code)

    @extend_schema(
        operation_id="offerings_change",
        summary="Change an offering's draft",
        request=OfferingDraftIn,
        parameters=[IF_MATCH],
        responses=DesignOut,
    )
    def patch(self, request: Request, code: str) -> Response:
        """Other parts for the draft. What users see does not change until it is published."""
        given = checked(OfferingDraftIn, request.data, partial=True)
        steps.change_draft(
            offering=get_offering(code), changes=given, actor=self.actor, seen_version=self.required_version()
        )
        return design_answer(code)


class PlaceOfferingView(CustomerView):
    """Where an offering stands."""

    permission_for: ClassVar[dict[str, str]] = {"POST": _DEFINE}

    @extend_schema(
        operation_id="offerings_place",
        summary="Say where an offering stands and whom it is for",
        request=PlaceIn,
        parameters=[IF_MATCH],
        responses=DesignOut,
    )
    def post(self, request: Request, code: str) -> Response:
        """Service, category and audience, whole."""
        given = checked(PlaceIn, request.data)
        steps.file_offering(
            offering=get_offering(code),
            service=service_in_any_stage(given["service"]),
            category=steps.category_with(given.get("category", "")),
            audience=steps.AudienceCodes(
                organisations=given.get("organisations", ()),
                roles=given.get("roles", ()),
                support_groups=given.get("support_groups", ()),
            ),
            actor=self.actor,
            seen_version=self.required_version(),
        )
        return design_answer(code)


class PublishOfferingView(CustomerView):
    """Publishing."""

    permission_for: ClassVar[dict[str, str]] = {"POST": _DEFINE}

    @extend_schema(
        operation_id="offerings_publish",
        summary="Publish an offering's draft",
        request=PublishOfferingIn,
        parameters=[IF_MATCH],
        responses={201: DesignOut},
    )
    def post(self, request: Request, code: str) -> Response:
        """The draft as a version that is never edited; every fault is named by path."""
        given = checked(PublishOfferingIn, request.data)
        steps.publish_offering(
            offering=get_offering(code),
            note=given.get("note", ""),
            accepted_because=given.get("accepted_because", ""),
            actor=self.actor,
            at=timezone.now(),
            seen_version=self.required_version(),
        )
        return design_answer(code, status=201)


class WithdrawOfferingView(CustomerView):
    """Withdrawing."""

    permission_for: ClassVar[dict[str, str]] = {"POST": _DEFINE}

    @extend_schema(
        operation_id="offerings_withdraw",
        summary="Withdraw an offering",
        request=None,
        parameters=[IF_MATCH],
        responses=DesignOut,
    )
    def post(self, request: Request, code: str) -> Response:
        """Nobody can request it any more; requests that were made go on."""
        steps.withdraw_offering(
            offering=get_offering(code), actor=self.actor, seen_version=self.required_version()
        )
        return design_answer(code)


class OfferAgainView(CustomerView):
    """Offering again."""

    permission_for: ClassVar[dict[str, str]] = {"POST": _DEFINE}

    @extend_schema(
        operation_id="offerings_offer_again",
        summary="Offer a withdrawn offering again",
        request=None,
        parameters=[IF_MATCH],
        responses=DesignOut,
    )
    def post(self, request: Request, code: str) -> Response:
        """Its latest version is on offer again."""
        steps.offer_again(offering=get_offering(code), actor=self.actor, seen_version=self.required_version())
        return design_answer(code)


def design_answer(code: str, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A response with the design of an offering and its version as ETag."""
    offering = get_offering(code)
    audience = audience_of(offering)
    body = {
        "code": offering.code,
        "stage": offering.stage,
        "service": offering.service.code,
        "category": offering.category.code if offering.category else None,
        "number": offering.number,
        "version": offering.draft_version,
        "design": offering.design,
        "organisations": [row.organisation.code for row in audience if row.organisation],
        "roles": [row.role.code for row in audience if row.role],
        "support_groups": [row.support_group.code for row in audience if row.support_group],
        "versions": [
            {
                "number": version.number,
                "published_at": version.published_at,
                "published_by": version.published_by_name,
                "note": version.note,
            }
            for version in versions_of_offering(offering)
        ],
    }
    return Response(body, status=status, headers=etag(offering.draft_version) | (headers or {}))


def _row(card: Card) -> dict[str, Any]:
    known = catalogue()
    category = known.categories.get(card.category_id) if card.category_id else None
    return {
        "code": card.code,
        "number": card.number,
        "service": known.services[card.service_id].code,
        "category": category.code if category else None,
        "name": card.name,
        "summary": card.summary,
        "unit_price": str(card.unit_price) if card.unit_price else None,
        "period": card.period,
        "max_quantity": card.max_quantity,
        "for_others": card.for_others,
    }
