"""Services over the API."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.queries.services import find_service, usable_services
from doors.api.paging import paged
from doors.api.views import ApiView
from doors.engine.keyset import Order
from lifecycle.public import NotFoundError


class ServiceOut(serializers.Serializer[Any]):
    """A service that records may be raised against."""

    code = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    stage = serializers.CharField()
    default_impact = serializers.IntegerField(help_text="1 highest to 4 lowest")


class ServicePage(serializers.Serializer[Any]):
    """A page of services."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ServiceOut(many=True)


class ServicesView(ApiView):
    """Services."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "service:read"}

    @extend_schema(
        operation_id="services_list",
        summary="List services",
        parameters=[OpenApiParameter("limit", int), OpenApiParameter("cursor", str)],
        responses=ServicePage,
    )
    def get(self, request: Request) -> Response:
        """A page of services, by name."""
        page, envelope = paged(request, usable_services(), order=Order("name", is_descending=False))
        return Response(envelope | {"results": [_row(service) for service in page.rows]})


class ServiceView(ApiView):
    """One service."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "service:read"}

    @extend_schema(operation_id="services_read", summary="Read a service", responses=ServiceOut)
    def get(self, request: Request, code: str) -> Response:
        """The service with this code."""
        service = find_service(code)
        if service is None:
            raise NotFoundError("There is no such service.")
        return Response(_row(service))


def _row(service: Any) -> dict[str, Any]:
    return {
        "code": service.code,
        "name": service.name,
        "description": service.description,
        "stage": service.stage,
        "default_impact": service.default_impact,
    }
