"""Agreements over the API: both sides read how they work together; the customer's people agree it."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.strict import checked
from doors.api.views import ApiView, etag
from suppliers.api.serializers.agreements import (
    AgreementLinesOut,
    AgreementOut,
    LevelIn,
    MappingDraftIn,
    MappingOut,
    MappingPublishIn,
)
from suppliers.policy import DEFINE, READ
from suppliers.queries.agreements import agreement_lines, agreement_view, get_provider, mapping_at
from suppliers.services.agreements import publish_mapping, switch_level, write_mapping


class AgreementsView(ApiView):
    """Every process of a supplier."""

    permission_for: ClassVar[dict[str, str]] = {"GET": READ}

    @extend_schema(
        operation_id="agreements_list",
        summary="List how a supplier works in each process",
        responses=AgreementLinesOut,
    )
    def get(self, request: Request, code: str) -> Response:
        """The level and the mapping of each process."""
        lines = agreement_lines(get_provider(self.actor, code))
        return Response(AgreementLinesOut({"results": lines}).data)


class AgreementBase(ApiView):
    """What the views of one agreement share."""

    def about(self, code: str, process: str) -> dict[str, Any]:
        """What every step is told."""
        return {
            "provider": get_provider(self.actor, code),
            "process": process,
            "actor": self.actor,
            "seen_version": self.seen_version(),
        }

    def told(self, code: str, process: str, *, status: int = 200) -> Response:
        """A response with the agreement as it is now, and its version as ETag."""
        view = agreement_view(get_provider(self.actor, code), process)
        return Response(AgreementOut(view).data, status=status, headers=etag(view.version))


class AgreementView(AgreementBase):
    """How a supplier works in one process."""

    permission_for: ClassVar[dict[str, str]] = {"GET": READ, "PUT": DEFINE}

    @extend_schema(operation_id="agreements_read", summary="Read an agreement", responses=AgreementOut)
    def get(self, request: Request, code: str, process: str) -> Response:
        """The level, the draft, the mapping in force, and what the linter says."""
        return self.told(code, process)

    @extend_schema(
        operation_id="agreements_write",
        summary="Write the draft of a mapping",
        description=write_mapping.__doc__ or "",
        request=MappingDraftIn,
        responses=AgreementOut,
    )
    def put(self, request: Request, code: str, process: str) -> Response:
        """The whole draft, anew."""
        given = checked(MappingDraftIn, request.data)
        write_mapping(**self.about(code, process), notation=given["mapping"])
        return self.told(code, process)


class PublishMappingView(AgreementBase):
    """Putting a draft in force."""

    permission_for: ClassVar[dict[str, str]] = {"POST": DEFINE}

    @extend_schema(
        operation_id="agreements_publish",
        summary="Publish the draft of a mapping",
        description=publish_mapping.__doc__ or "",
        request=MappingPublishIn,
        responses={201: AgreementOut},
    )
    def post(self, request: Request, code: str, process: str) -> Response:
        """The draft becomes the next version."""
        given = checked(MappingPublishIn, request.data)
        publish_mapping(**self.about(code, process), at=timezone.now(), **given)
        return self.told(code, process, status=201)


class LevelView(AgreementBase):
    """Changing the level."""

    permission_for: ClassVar[dict[str, str]] = {"POST": DEFINE}

    @extend_schema(
        operation_id="agreements_level",
        summary="Change the level of a supplier in one process",
        description=switch_level.__doc__ or "",
        request=LevelIn,
        responses=AgreementOut,
    )
    def post(self, request: Request, code: str, process: str) -> Response:
        """Another level, from now on."""
        given = checked(LevelIn, request.data)
        switch_level(**self.about(code, process), at=timezone.now(), **given)
        return self.told(code, process)


class MappingView(ApiView):
    """A published mapping."""

    permission_for: ClassVar[dict[str, str]] = {"GET": READ}

    @extend_schema(
        operation_id="agreements_mapping", summary="Read a version of a mapping", responses=MappingOut
    )
    def get(self, request: Request, code: str, process: str, number: int) -> Response:
        """What was agreed then."""
        return Response(MappingOut(mapping_at(get_provider(self.actor, code), process, number)).data)
