"""The definitions of services over the API: writing, publishing, versions and what changed between two of them."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.lifecycle import DEFINE
from catalogue.queries.definitions import (
    definition_changes,
    definition_lines,
    definition_of,
    draft_of,
    newest_definition,
)
from catalogue.queries.portfolio import whole_service
from catalogue.services.service_definitions import publish_definition, write_definition
from doors.api.strict import StrictSerializer, checked
from doors.api.views import CustomerView, etag

MOST_VERSIONS = 1_000_000


class TextsIn(StrictSerializer):
    """Texts of a definition by section; sections left out stay."""

    texts = serializers.DictField(child=serializers.CharField(allow_blank=True))


class NoteIn(StrictSerializer):
    """What changed, in a sentence."""

    note = serializers.CharField(required=False, allow_blank=True, max_length=500)


class DefinitionOut(serializers.Serializer[Any]):
    """What is being written about a service, and the version that is published."""

    version = serializers.IntegerField(help_text="of the draft")
    texts = serializers.DictField(child=serializers.CharField())
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="mandatory sections without text"
    )
    published = serializers.IntegerField(allow_null=True)


class DefinitionLineOut(serializers.Serializer[Any]):
    """A published version in a list."""

    number = serializers.IntegerField()
    note = serializers.CharField()
    published_at = serializers.DateTimeField()
    by = serializers.CharField(help_text="name")


class DefinitionLinesOut(serializers.Serializer[Any]):
    """The hundred newest versions, the newest first."""

    results = DefinitionLineOut(many=True)


class SectionOut(serializers.Serializer[Any]):
    """A section, titled as the template of then titles it."""

    code = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()


class ChangedLineOut(serializers.Serializer[Any]):
    """A line of a section that changed."""

    sort = serializers.ChoiceField(choices=["same", "gone", "new"])
    text = serializers.CharField()


class ChangedSectionOut(serializers.Serializer[Any]):
    """A section that two versions say differently."""

    code = serializers.CharField()
    title = serializers.CharField()
    lines = ChangedLineOut(many=True)


class DefinitionVersionOut(serializers.Serializer[Any]):
    """What a version says, and what changed in it since the version asked for as `since`."""

    number = serializers.IntegerField()
    sections = SectionOut(many=True)
    changes = ChangedSectionOut(many=True, required=False)


class DefinitionView(CustomerView):
    """The definition of a service."""

    permission_for: ClassVar[dict[str, str]] = {"GET": DEFINE, "PUT": DEFINE, "POST": DEFINE}

    @extend_schema(
        operation_id="definition_read", summary="Read a service's definition", responses=DefinitionOut
    )
    def get(self, request: Request, code: str) -> Response:
        """The draft, and which version is published."""
        return self.told(code)

    @extend_schema(
        operation_id="definition_write",
        summary="Write the draft of a service's definition",
        request=TextsIn,
        responses=DefinitionOut,
    )
    def put(self, request: Request, code: str) -> Response:
        """Texts by section; the others stay."""
        given = checked(TextsIn, request.data)
        write_definition(
            service=whole_service(code),
            texts=given["texts"],
            actor=self.actor,
            seen_version=self.seen_version(),
        )
        return self.told(code)

    @extend_schema(
        operation_id="definition_publish",
        summary="Publish the draft of a service's definition",
        request=NoteIn,
        responses=DefinitionOut,
    )
    def post(self, request: Request, code: str) -> Response:
        """The draft becomes the next version."""
        publish_definition(
            service=whole_service(code),
            actor=self.actor,
            at=timezone.now(),
            seen_version=self.seen_version(),
            **checked(NoteIn, request.data),
        )
        return self.told(code)

    def told(self, code: str) -> Response:
        """The draft as it is now."""
        row = whole_service(code)
        draft, newest = draft_of(row), newest_definition(row)
        body = {
            "version": draft.version,
            "texts": {section.code: section.text for section in draft.sections},
            "missing": [
                section.code
                for section in draft.sections
                if section.is_mandatory and not section.text.strip()
            ],
            "published": newest.number if newest else None,
        }
        return Response(body, headers=etag(draft.version))


class DefinitionVersionsView(CustomerView):
    """The published versions of a definition."""

    permission_for: ClassVar[dict[str, str]] = {"GET": DEFINE}

    @extend_schema(
        operation_id="definition_versions",
        summary="List the versions of a service's definition",
        responses=DefinitionLinesOut,
    )
    def get(self, request: Request, code: str) -> Response:
        """Versions, the newest first."""
        lines = definition_lines(whole_service(code))
        return Response({"results": DefinitionLineOut(lines, many=True).data})


class DefinitionVersionView(CustomerView):
    """One published version."""

    permission_for: ClassVar[dict[str, str]] = {"GET": DEFINE}

    @extend_schema(
        operation_id="definition_version",
        summary="Read a version of a service's definition",
        parameters=[OpenApiParameter("since", int, description="number of the version to compare it with")],
        responses=DefinitionVersionOut,
    )
    def get(self, request: Request, code: str, number: int) -> Response:
        """What it says, and what changed since another version."""
        row = whole_service(code)
        body: dict[str, Any] = {
            "number": number,
            "sections": SectionOut(definition_of(row, number).sections, many=True).data,
        }
        since = request.query_params.get("since", "")
        if since:
            asked = serializers.IntegerField(min_value=1, max_value=MOST_VERSIONS).run_validation(since)
            body["changes"] = [
                {"code": changed.code, "title": title, "lines": ChangedLineOut(changed.lines, many=True).data}
                for title, changed in definition_changes(row, asked, number)
            ]
        return Response(body)
