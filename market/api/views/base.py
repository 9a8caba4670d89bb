"""What every address of the market-compatible API has in common."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.views import APIView

from doors.api.permissions import Declared
from doors.api.rendering import JSONRenderer, TooLargeError
from doors.api.throttle import ClientThrottle
from market.api.views.errors import BadRequestError, market_handler
from market.queries.conditions import Reading
from market.queries.fields import Table
from market.queries.tables import find_table
from people.public import Actor, get_tenant

URL_MAX = 8_000
_UNREAD = "Exception while reading request"


class MarketClient(BaseAuthentication):
    """An API client, by token, name and password, or key. The middleware found it; a browser's session is none."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        actor: Actor | None = getattr(request, "actor", None)
        return (actor, None) if actor is not None and actor.kind == "client" else None

    def authenticate_header(self, request: Request) -> str:
        return 'BASIC realm="Service"'


class SwitchedOn(Declared):
    """Only clients that the tenant switched this interface on for, and whose role carries what the view declares."""

    def has_permission(self, request: Request, view: Any) -> bool:
        actor: Actor | None = request.user  # type: ignore[assignment]  # our authentication class says who
        if actor is None:
            raise NotAuthenticated
        if not actor.has_login:
            raise PermissionDenied("This interface is not switched on for this client.")
        return super().has_permission(request, view)


class AnyParser(BaseParser):
    """The body as it is; what it should be is each view's business."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return stream


class MarketView(APIView):
    """The base: JSON whatever the client says that it sends, errors in the market's words."""

    authentication_classes = (MarketClient,)
    permission_classes = (SwitchedOn,)
    throttle_classes = (ClientThrottle,)
    renderer_classes = (JSONRenderer,)
    parser_classes: Sequence[type[BaseParser]] = (AnyParser,)
    # Described by the market's product, not by us.
    schema = None
    body_max: ClassVar[int] = settings.API_BODY_MAX_BYTES
    # The least that a caller needs: which table it is about decides the rest.
    permission_for: ClassVar[dict[str, str]] = {"GET": "incident:read"}

    @property
    def actor(self) -> Actor:
        """Whoever calls."""
        return self.request.user  # type: ignore[return-value]

    def get_exception_handler(self) -> Any:
        """The market's wording instead of the API's own."""
        return market_handler

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As DRF does; an address that is too long is refused before it is read."""
        if len(request.META.get("QUERY_STRING", "")) > URL_MAX:
            page = "<html><head><title>414</title></head><body><h1>URI Too Long</h1></body></html>"
            return HttpResponse(page, status=414, content_type="text/html")
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def reading(self) -> Reading:
        """Who asks, now, in the tenant's zone."""
        return Reading(self.actor, timezone.now(), ZoneInfo(get_tenant(self.actor.tenant_id).time_zone))

    def table(self, name: str) -> Table:
        """The table of this name. Raises a 400 when there is none, a 403 when the client may not read it."""
        table = find_table(name, self.actor)
        if table is None:
            raise BadRequestError(f"Invalid table {name}")
        if not self.actor.may(table.permission):
            raise PermissionDenied(f"This needs the permission {table.permission}.")
        return table

    def raw_body(self) -> bytes:
        """The body, no more of it than allowed. Raises a 413."""
        body = self.request._request.read(self.body_max + 1)  # noqa: SLF001  the one stream there is
        if len(body) > self.body_max:
            raise TooLargeError
        return body

    def json_body(self) -> dict[str, Any]:
        """The body as an object; empty and `null` are the empty one. Raises a 400."""
        body = self.raw_body()
        if not body.strip():
            return {}
        try:
            given = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise BadRequestError(_UNREAD, f"The payload is not valid JSON: {error}") from error
        if given is None:
            return {}
        if not isinstance(given, dict):
            raise BadRequestError(_UNREAD, "The payload must be a JSON object.")
        return given


class NoSuchView(MarketView):
    """Any other address of these."""

    permission_for: ClassVar[dict[str, str]] = dict.fromkeys(
        ("GET", "POST", "PUT", "PATCH", "DELETE"), "incident:read"
    )

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Refused, whatever the method."""
        raise BadRequestError("Requested URI does not represent any resource", request.path)

    post = put = patch = delete = get
