"""The API's own pages: its root, its description and its reference."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from doors.api.errors import PROBLEM, problem
from doors.api.rendering import JSONRenderer

RESOURCES = (
    "incidents",
    "requests",
    "tasks",
    "offerings",
    "basket",
    "orders",
    "services",
    "targets",
    "calendars",
    "contracts",
    "people",
    "support-groups",
    "changes",
    "schema",
    "reference",
)


class RootView(APIView):
    """Where everything is."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """The addresses of the API's resources."""
        return Response({name: request.build_absolute_uri(f"{name}/") for name in RESOURCES})


class DocumentedSchemaView(SpectacularAPIView):
    """OpenAPI 3.1, for anyone."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    throttle_classes = ()


class ReferenceView(View):
    """The reference, rendered offline from the description by files of this origin."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """A page; its scripts come from here, and may make no styles but their own sheet."""
        response = render(request, "api/reference.html")
        nonce = request.csp_nonce  # type: ignore[attr-defined]
        # The reference's library writes style attributes; this page has no data of anybody's.
        response["Content-Security-Policy"] = (
            f"default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self' 'unsafe-inline';"
            " img-src 'self' data:; worker-src blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
        )
        return response


class NoSuchResourceView(APIView):
    """Where addresses lead that the API does not have."""

    @extend_schema(exclude=True)
    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """404 as a problem document, whatever the method and whoever asks."""
        words = "There is no such resource. Addresses end in a slash; see /api/v1/."
        body = problem(status=404, code="not_found", detail=words)
        return HttpResponse(JSONRenderer().render(body), status=404, content_type=PROBLEM)
