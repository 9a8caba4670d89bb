"""Looking people and groups up."""

from typing import Any, ClassVar

from allauth.idp.oidc.views import token as issue_token
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from doors.api.paging import paged
from doors.api.throttle import AddressThrottle
from doors.api.views import ApiView
from doors.engine.keyset import Order
from people.queries import active_groups, search_members, visible_members


class TokenView(APIView):
    """The token endpoint (RFC 6749 §3.2), limited by address: no secret can be guessed, but a server can be flooded."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (AddressThrottle,)

    @extend_schema(exclude=True)
    def post(self, request: Request) -> HttpResponse:
        """An access token for a client's credentials."""
        answer: HttpResponse = issue_token(request._request)  # noqa: SLF001  the library reads Django's request
        return answer


class PersonOut(serializers.Serializer[Any]):
    """A member of the tenant."""

    email = serializers.EmailField()
    name = serializers.CharField()
    organisation = serializers.CharField(allow_null=True, help_text="code")
    provider = serializers.CharField(allow_null=True, help_text="code")


class PersonPage(serializers.Serializer[Any]):
    """A page of people."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = PersonOut(many=True)


class GroupOut(serializers.Serializer[Any]):
    """A support group."""

    code = serializers.CharField()
    name = serializers.CharField()
    provider = serializers.CharField(help_text="code")


class GroupList(serializers.Serializer[Any]):
    """All active support groups."""

    results = GroupOut(many=True)


class PeopleView(ApiView):
    """People that the caller may look up: suppliers find their own."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "person:read"}

    @extend_schema(
        operation_id="people_list",
        summary="Look people up",
        parameters=[
            OpenApiParameter("q", str, description="beginning of a name or e-mail address"),
            OpenApiParameter("limit", int),
            OpenApiParameter("cursor", str),
        ],
        responses=PersonPage,
    )
    def get(self, request: Request) -> Response:
        """A page of people, by name."""
        text = request.query_params.get("q", "").strip()
        rows = search_members(self.actor, text) if text else visible_members(self.actor)
        page, envelope = paged(request, rows, order=Order("name", is_descending=False))
        results = [
            {
                "email": row.email,
                "name": row.name,
                "organisation": row.organisation.code if row.organisation else None,
                "provider": row.provider.code if row.provider else None,
            }
            for row in page.rows
        ]
        return Response(envelope | {"results": results})


class GroupsView(ApiView):
    """Support groups, to assign to."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "incident:assign"}

    @extend_schema(operation_id="support_groups_list", summary="List support groups", responses=GroupList)
    def get(self, request: Request) -> Response:
        """Active groups, by name."""
        rows = [
            {"code": row.code, "name": row.name, "provider": row.provider.code} for row in active_groups()
        ]
        return Response({"results": rows})
