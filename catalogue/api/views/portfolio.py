"""The portfolio over the API: proposing services, saying what they are, the steps of their life."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.lifecycle import BEFORE_LIVE, DEFINE, PHASES, SERVICE
from catalogue.queries.definitions import newest_definition
from catalogue.queries.portfolio import Wanted, portfolio, stage_offers, whole_service
from catalogue.services.describe import Description, describe_service, propose_service
from catalogue.services.stages import take_stage
from doors.api.paging import paged
from doors.api.strict import StrictSerializer, checked
from doors.api.views import CustomerView, etag
from doors.engine.keyset import Order
from people.public import Actor

KINDS = ("functional", "technical", "operational")
STAGES = (*BEFORE_LIVE, "live", "retiring", "retired")


class DescriptionIn(StrictSerializer):
    """What is said of a service: things by code, people by e-mail, "" for none."""

    name = serializers.CharField(max_length=200)
    kind = serializers.CharField(required=False)
    description = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    audience = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    owner = serializers.CharField(required=False, allow_blank=True)
    owner_organisation = serializers.CharField(required=False, allow_blank=True)
    support_group = serializers.CharField(required=False, allow_blank=True)
    hours = serializers.CharField(required=False, allow_blank=True)
    availability_band = serializers.CharField(required=False, allow_blank=True)
    matrix = serializers.CharField(required=False, allow_blank=True)
    default_impact = serializers.IntegerField(required=False)


class DescribeIn(DescriptionIn):
    """What is said of a service that there is, maybe in spite of what its parts can keep."""

    accepted_because = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class ProposalIn(DescriptionIn):
    """A service that is proposed."""

    code = serializers.CharField(max_length=60)


class StageIn(StrictSerializer):
    """A step in the life of a service."""

    step = serializers.CharField(help_text=", ".join(SERVICE.transitions))
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    accepted_because = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class PortfolioOut(serializers.Serializer[Any]):
    """A service in any stage. `steps` lead on from where it stands."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    stage = serializers.ChoiceField(choices=STAGES)
    description = serializers.CharField()
    audience = serializers.CharField()
    owner = serializers.CharField(help_text="e-mail")
    owner_organisation = serializers.CharField()
    support_group = serializers.CharField()
    hours = serializers.CharField()
    availability_band = serializers.CharField()
    matrix = serializers.CharField()
    default_impact = serializers.IntegerField()
    version = serializers.IntegerField()
    definition = serializers.IntegerField(allow_null=True, help_text="number of its published version")
    steps = serializers.ListField(child=serializers.CharField())


class PortfolioPage(serializers.Serializer[Any]):
    """A page of services; `next` and `previous` are addresses."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = serializers.ListField(child=serializers.DictField())


def service_answer(actor: Actor, code: str, *, status: int = 200) -> Response:
    """A response with the service as it is now, and its version as ETag."""
    row = whole_service(code)
    newest = newest_definition(row)
    body = {name: getattr(row, name) for name in ("code", "name", "kind", "stage", "description", "audience")}
    body |= {
        name: getattr(row, name).code if getattr(row, name) else ""
        for name in ("owner_organisation", "support_group", "hours", "availability_band")
    }
    body |= {
        "owner": row.owner.email if row.owner else "",
        "matrix": row.matrix.name if row.matrix else "",
        "default_impact": row.default_impact,
        "version": row.version,
        "definition": newest.number if newest else None,
        "steps": [offer.name for offer in stage_offers(row, actor)],
    }
    return Response(body, status=status, headers=etag(row.version))


class PortfolioView(CustomerView):
    """Services in any stage."""

    permission_for: ClassVar[dict[str, str]] = {"GET": DEFINE, "POST": DEFINE}

    @extend_schema(
        operation_id="portfolio_list",
        summary="List services in any stage",
        parameters=[
            OpenApiParameter("phase", str, enum=PHASES),
            OpenApiParameter("stage", str, enum=STAGES),
            OpenApiParameter("kind", str, enum=KINDS),
            OpenApiParameter("owner", str, description="e-mail of who answers for it; none: nobody does"),
            OpenApiParameter("band", str, description="code of its availability band; none: it is in none"),
            OpenApiParameter("q", str),
            OpenApiParameter("limit", int, description="1 to 200, default 50"),
            OpenApiParameter("cursor", str),
        ],
        responses=PortfolioPage,
    )
    def get(self, request: Request) -> Response:
        """A page of services, by name."""
        given = request.query_params
        for name, known in (("phase", PHASES), ("stage", STAGES), ("kind", KINDS)):
            if given.get(name, "") not in ("", *known):
                raise serializers.ValidationError({name: f"Use one of {', '.join(known)}."})
        names = ("phase", "stage", "kind", "owner", "band")
        wanted = Wanted(text=given.get("q", "").strip(), **{name: given.get(name, "") for name in names})
        rows = portfolio(wanted)
        page, envelope = paged(request, rows, order=Order("name", is_descending=False))
        results = [
            {name: getattr(row, name) for name in ("code", "name", "kind", "stage")}
            | {
                "owner": row.owner.email if row.owner else "",
                "availability_band": row.availability_band.code if row.availability_band else "",
            }
            for row in page.rows
        ]
        return Response(envelope | {"results": results})

    @extend_schema(
        operation_id="portfolio_propose",
        summary="Propose a service",
        request=ProposalIn,
        responses={201: PortfolioOut},
    )
    def post(self, request: Request) -> Response:
        """A new service, proposed."""
        given = checked(ProposalIn, request.data)
        code = given.pop("code")
        propose_service(code=code, said=Description(**given), actor=self.actor, at=timezone.now())
        return service_answer(self.actor, code, status=201)


class PortfolioServiceView(CustomerView):
    """One service in any stage."""

    permission_for: ClassVar[dict[str, str]] = {"GET": DEFINE, "PUT": DEFINE}

    @extend_schema(
        operation_id="portfolio_read", summary="Read a service in any stage", responses=PortfolioOut
    )
    def get(self, request: Request, code: str) -> Response:
        """The service with all that is said of it."""
        return service_answer(self.actor, code)

    @extend_schema(
        operation_id="portfolio_describe",
        summary="Say what a service is",
        description=describe_service.__doc__ or "",
        request=DescribeIn,
        responses=PortfolioOut,
    )
    def put(self, request: Request, code: str) -> Response:
        """Everything that is said of it, anew."""
        given = checked(DescribeIn, request.data)
        describe_service(
            service=whole_service(code),
            accepted_because=given.pop("accepted_because", ""),
            said=Description(**given),
            actor=self.actor,
            at=timezone.now(),
            seen_version=self.seen_version(),
        )
        return service_answer(self.actor, code)


class PortfolioStepView(CustomerView):
    """The steps of a service's life."""

    permission_for: ClassVar[dict[str, str]] = {"POST": DEFINE}

    @extend_schema(
        operation_id="portfolio_step",
        summary="Take a step in the life of a service",
        description=take_stage.__doc__ or "",
        request=StageIn,
        responses=PortfolioOut,
    )
    def post(self, request: Request, code: str) -> Response:
        """Publish it, retire it and so on."""
        given = checked(StageIn, request.data)
        if given["step"] not in SERVICE.transitions:
            words = f"Use one of {', '.join(SERVICE.transitions)}."
            raise serializers.ValidationError({"step": words})
        take_stage(
            service=whole_service(code),
            actor=self.actor,
            at=timezone.now(),
            seen_version=self.seen_version(),
            **given,
        )
        return service_answer(self.actor, code)
