"""The exchange over the API: what suppliers' systems say, and how they are told of changes."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.paging import paged
from doors.api.strict import checked
from doors.api.views import ApiView, etag
from doors.engine.keyset import Order
from exchange.api.serializers import (
    STATUSES,
    EndpointIn,
    EndpointOut,
    ExchangeMessageIn,
    ExchangeMessageOut,
    ExchangeMessagePage,
    ExchangeOutcomeOut,
    NothingGivenIn,
    PauseIn,
    message_row,
)
from exchange.policy import DEFINE, READ, WORK
from exchange.queries import endpoint_state, message_to, messages_to
from exchange.services.endpoints import define_endpoint, pause, replay, resume, rotate_secret
from exchange.services.receive import Heard, receive
from suppliers.public import get_provider


class ExchangeMessagesInView(ApiView):
    """What a supplier's system says."""

    permission_for: ClassVar[dict[str, str]] = {"POST": WORK}

    @extend_schema(
        operation_id="exchange_say",
        summary="Say something of a record, as a supplier's system",
        description=receive.__doc__ or "",
        request=ExchangeMessageIn,
        responses=ExchangeOutcomeOut,
    )
    def post(self, request: Request, process: str) -> Response:
        """One message, done once."""
        given = checked(ExchangeMessageIn, request.data)
        heard = Heard(key=given.pop("id"), fields=given.pop("fields", {}), **given)
        outcome = receive(process=process, heard=heard, actor=self.actor, at=timezone.now())
        return Response(ExchangeOutcomeOut(outcome).data)


class EndpointBase(ApiView):
    """What the views of one endpoint share."""

    def told(self, code: str, *, secret: str = "", status: int = 200) -> Response:
        """A response with the endpoint as it is now, and its version as ETag."""
        state = endpoint_state(get_provider(self.actor, code))
        data: dict[str, Any] = dict(EndpointOut(state).data)
        if secret:
            data["secret"] = secret
        return Response(data, status=status, headers=etag(state.endpoint.version))

    def about(self, code: str) -> dict[str, Any]:
        """What every step is told."""
        return {
            "provider": get_provider(self.actor, code),
            "actor": self.actor,
            "seen_version": self.seen_version(),
        }


class EndpointView(EndpointBase):
    """Where a supplier's system is told of changes."""

    permission_for: ClassVar[dict[str, str]] = {"GET": READ, "PUT": DEFINE}

    @extend_schema(operation_id="endpoints_read", summary="Read an endpoint", responses=EndpointOut)
    def get(self, request: Request, code: str) -> Response:
        """The endpoint and how it does."""
        return self.told(code)

    @extend_schema(
        operation_id="endpoints_write",
        summary="Say where a supplier's system is told of changes",
        description="The secret in the answer is told once, when the endpoint is new.",
        request=EndpointIn,
        responses=EndpointOut,
    )
    def put(self, request: Request, code: str) -> Response:
        """Its address and its time."""
        given = checked(EndpointIn, request.data)
        _, secret = define_endpoint(**self.about(code), **given)
        return self.told(code, secret=secret)


class EndpointSecretView(EndpointBase):
    """Another secret."""

    permission_for: ClassVar[dict[str, str]] = {"POST": DEFINE}

    @extend_schema(
        operation_id="endpoints_rotate",
        summary="Give an endpoint another secret",
        description=rotate_secret.__doc__ or "",
        request=NothingGivenIn,
        responses=EndpointOut,
    )
    def post(self, request: Request, code: str) -> Response:
        """The secret in the answer is not told again."""
        checked(NothingGivenIn, request.data)
        _, secret = rotate_secret(**self.about(code), at=timezone.now())
        return self.told(code, secret=secret)


class EndpointPauseView(EndpointBase):
    """Sending nothing for now."""

    permission_for: ClassVar[dict[str, str]] = {"POST": DEFINE}

    @extend_schema(
        operation_id="endpoints_pause",
        summary="Pause an endpoint",
        request=PauseIn,
        responses=EndpointOut,
    )
    def post(self, request: Request, code: str) -> Response:
        """What is made meanwhile waits in line."""
        pause(**self.about(code), **checked(PauseIn, request.data))
        return self.told(code)


class EndpointResumeView(EndpointBase):
    """Sending again."""

    permission_for: ClassVar[dict[str, str]] = {"POST": DEFINE}

    @extend_schema(
        operation_id="endpoints_resume",
        summary="Let an endpoint be told again",
        request=NothingGivenIn,
        responses=EndpointOut,
    )
    def post(self, request: Request, code: str) -> Response:
        """From where it stopped."""
        checked(NothingGivenIn, request.data)
        resume(**self.about(code))
        return self.told(code)


class ExchangeMessagesView(ApiView):
    """Messages to a supplier's system."""

    permission_for: ClassVar[dict[str, str]] = {"GET": READ}

    @extend_schema(
        operation_id="exchange_messages_list",
        summary="List messages to a supplier's system",
        parameters=[
            OpenApiParameter("status", str, enum=STATUSES),
            OpenApiParameter("limit", int),
            OpenApiParameter("cursor", str),
        ],
        responses=ExchangeMessagePage,
    )
    def get(self, request: Request, code: str) -> Response:
        """A page of messages, the newest first."""
        rows = messages_to(get_provider(self.actor, code), status=str(request.query_params.get("status", "")))
        page, envelope = paged(request, rows, order=Order("made_at"))
        return Response(envelope | {"results": [message_row(row) for row in page.rows]})


class ExchangeReplayView(ApiView):
    """A message that was given up, sent again."""

    permission_for: ClassVar[dict[str, str]] = {"POST": DEFINE}

    @extend_schema(
        operation_id="exchange_messages_replay",
        summary="Send a message again that was given up",
        request=NothingGivenIn,
        responses=ExchangeMessageOut,
    )
    def post(self, request: Request, code: str, key: UUID) -> Response:
        """It is put back in line, before all that waits behind it."""
        return self.again(request, code, key, is_dropped=False)

    def again(self, request: Request, code: str, key: UUID, *, is_dropped: bool) -> Response:
        """Put it back, or let it go."""
        checked(NothingGivenIn, request.data)
        provider = get_provider(self.actor, code)
        at = timezone.now()
        row = replay(provider=provider, message=str(key), is_dropped=is_dropped, actor=self.actor, at=at)
        return Response(message_row(message_to(provider, row.pk)))


class ExchangeDropView(ExchangeReplayView):
    """A message that was given up, let go."""

    @extend_schema(
        operation_id="exchange_messages_drop",
        summary="Let a message go that was given up",
        request=NothingGivenIn,
        responses=ExchangeMessageOut,
    )
    def post(self, request: Request, code: str, key: UUID) -> Response:
        """What waits behind it is sent."""
        return self.again(request, code, key, is_dropped=True)
