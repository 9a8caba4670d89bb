"""The base of every API view."""

import hashlib
import re
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from doors.api.errors import (
    ConflictError,
    IfMatchRequiredError,
    PreconditionRequiredError,
    UnprocessableError,
)
from doors.api.rendering import JSONRenderer
from doors.services.idempotency import KeyInFlightError, KeyReusedError, claim, keep
from lifecycle.public import ForbiddenError
from people.public import Actor

_ETAG = re.compile(r'^(?:W/)?"v(\d{1,9})"$')
_KEPT_HEADERS = ("Location", "ETag")


class _UndoError(Exception):
    """Carries an error response out of the transaction it must undo."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


class ApiView(APIView):
    """A view that declares its permission per method and keeps the response to keyed POSTs."""

    permission_for: ClassVar[dict[str, str]] = {}

    @property
    def actor(self) -> Actor:
        """Whoever calls."""
        return self.request.user  # type: ignore[return-value]

    def seen_version(self) -> int | None:
        """The version named by `If-Match`, None without that header or for `*`. Raises a 400 for any other value."""
        header = self.request.headers.get("If-Match", "").strip()
        if header in ("", "*"):
            return None
        match = _ETAG.match(header)
        if match is None:
            raise PreconditionRequiredError(
                'If-Match holds the ETag of the record as you read it, e.g. "v3".'
            )
        return int(match[1])

    def required_version(self) -> int | None:
        """As `seen_version`, for steps that nobody may take unseen: a 428 without the header. None for `*` only."""
        if not self.request.headers.get("If-Match", "").strip():
            raise IfMatchRequiredError(
                'Say with If-Match which version you read: its ETag, e.g. "v3", or * for any.'
            )
        return self.seen_version()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As DRF does, with the transaction of a keyed POST around the handler and its kept response."""
        key = request.headers.get("Idempotency-Key", "")
        if request.method != "POST" or not key:
            return super().dispatch(request, *args, **kwargs)
        self.idempotency_key = key
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if getattr(self, "idempotency_key", ""):
            handler: Callable[..., Response] = getattr(self, "post")  # noqa: B009  each view defines its own
            vars(self)["post"] = partial(self._once, handler)

    def _once(
        self, handler: Callable[..., Response], request: Request, *args: Any, **kwargs: Any
    ) -> Response:
        key = self.idempotency_key
        if len(key) > 200:
            raise UnprocessableError(
                "An Idempotency-Key has 200 characters at most.", "idempotency_key_too_long"
            )
        client = self.actor.client_id or self.actor.membership_id
        if client is None:
            return handler(request, *args, **kwargs)
        digest = hashlib.sha256(
            f"{request.method} {request.get_full_path()}\n".encode() + request.body
        ).hexdigest()
        try:
            with transaction.atomic():
                kept = claim(client=client, key=key, request_hash=digest, at=timezone.now())
                if kept is not None:
                    return _replayed(kept.status, kept.body, kept.headers)
                response = self._answer(handler, request, *args, **kwargs)
                _undo_if_refused(response)
                keep(
                    client=client,
                    key=key,
                    status=response.status_code,
                    body=self._rendered(response),
                    headers={name: response[name] for name in _KEPT_HEADERS if name in response},
                )
                return response
        except _UndoError as undo:
            return undo.response
        except KeyInFlightError as error:
            raise ConflictError(
                "The first request with this Idempotency-Key is still running.", error.code
            ) from error
        except KeyReusedError as error:
            raise UnprocessableError("This Idempotency-Key came with another request.", error.code) from error

    def _answer(
        self, handler: Callable[..., Response], request: Request, *args: Any, **kwargs: Any
    ) -> Response:
        try:
            return handler(request, *args, **kwargs)
        except Exception as error:  # noqa: BLE001  DRF decides which become responses, and raises the rest
            return self.handle_exception(error)

    def _rendered(self, response: Response) -> bytes:
        return JSONRenderer().render(response.data)


class CustomerView(ApiView):
    """A view for the tenant's own people and systems: suppliers' get a 403, whatever their permissions."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.actor.reach == "provider":
            raise ForbiddenError("This is for the customer's own people and systems.")


class _Replayed(Response):
    """A kept response; its body is given back byte for byte."""

    def __init__(self, status: int, body: bytes, headers: dict[str, Any]) -> None:
        super().__init__(status=status, headers=headers | {"Idempotency-Replayed": "true"})
        self["Content-Type"] = JSONRenderer.media_type
        self.kept = body

    @property
    def rendered_content(self) -> bytes:  # type: ignore[override]
        """The body as it was."""
        return self.kept


def _undo_if_refused(response: Response) -> None:
    if response.status_code >= 400:
        raise _UndoError(response)


def _replayed(status: int, body: bytes, headers: dict[str, Any]) -> Response:
    return _Replayed(status, body, headers)


def etag(version: int) -> dict[str, str]:
    """The header that names a record's version."""
    return {"ETag": f'"v{version}"'}


__all__ = ["ApiView", "CustomerView", "HttpResponse", "etag"]
