"""What there is beside tables: many requests at once, long addresses made short, and figures."""

import base64
import binascii
from io import BytesIO
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import timezone
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from market.api.serializers import wish_of
from market.api.views.base import MarketView
from market.api.views.errors import BadRequestError, failure
from market.engine.times import written
from market.queries.stats import stats_of
from market.services.tiny import keep_address

MOST_REQUESTS = 500
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_KEPT = ("Content-Type", "Location", "X-Total-Count", "Link", "Retry-After")


class BatchView(MarketView):
    """Many requests in one."""

    permission_for: ClassVar[dict[str, str]] = {"POST": "incident:read"}

    body_max: ClassVar[int] = 10 * 1024 * 1024

    def post(self, request: Request) -> Response:
        """Each request's answer, in order; one that fails fails by itself."""
        given = self.json_body()
        asked = given.get("rest_requests")
        if not isinstance(asked, list) or len(asked) > MOST_REQUESTS:
            raise BadRequestError("Invalid batch", f"rest_requests is a list of {MOST_REQUESTS} at most.")
        serviced = [self._serve(each) for each in asked if isinstance(each, dict)]
        body = {
            "batch_request_id": str(given.get("batch_request_id", "")),
            "serviced_requests": serviced,
            "unserviced_requests": [],
        }
        return Response(body)

    def _serve(self, asked: dict[str, Any]) -> dict[str, Any]:
        status, headers, body = self._answer(asked)
        return {
            "id": str(asked.get("id", "")),
            "status_code": status,
            "status_text": "",
            "headers": [{"name": name, "value": value} for name, value in headers.items()],
            "body": base64.b64encode(body).decode(),
            "execution_time": 0,
        }

    def _answer(self, asked: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        method, address = str(asked.get("method", "GET")).upper(), urlsplit(str(asked.get("url", "")))
        path = address.path if address.path.startswith("/") else f"/{address.path}"
        if (
            method not in _METHODS
            or not path.startswith(("/api/now/", "/api/sn_sc/"))
            or path.rstrip("/").endswith("/batch")
        ):
            return self._refused(400, "Requested URI does not represent any resource", path)
        try:
            body = base64.b64decode(str(asked.get("body") or ""), validate=True)
            found = resolve(path)
        except binascii.Error:
            return self._refused(400, "Invalid body", "The body is base64.")
        except Resolver404:
            return self._refused(400, "Requested URI does not represent any resource", path)
        response: Any = found.func(
            self._inner(method, path, address.query, body), *found.args, **found.kwargs
        )
        if hasattr(response, "render"):
            response.render()
        content = b"".join(response.streaming_content) if response.streaming else response.content
        return response.status_code, {name: response[name] for name in _KEPT if name in response}, content

    def _inner(self, method: str, path: str, query: str, body: bytes) -> Any:
        """A request as it would have come by itself, of the same client."""
        outer = self.request._request  # noqa: SLF001  what came in
        inner: Any = HttpRequest()
        inner.method, inner.path, inner.path_info = method, path, path
        inner.META = dict(outer.META) | {
            "REQUEST_METHOD": method,
            "QUERY_STRING": query,
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/json",
        }
        inner._stream = BytesIO(body)  # noqa: SLF001  as Django's own handler does
        inner._read_started = False  # noqa: SLF001
        inner.GET = type(outer.GET)(query)
        inner.actor, inner.user = self.actor, outer.user
        return inner

    def _refused(self, status: int, message: str, detail: str) -> tuple[int, dict[str, str], bytes]:
        from_us = Response(failure(message, detail))
        return status, {"Content-Type": "application/json"}, self.renderer_classes[0]().render(from_us.data)


class TinyView(MarketView):
    """A short key for a long address."""

    permission_for: ClassVar[dict[str, str]] = {"POST": "incident:read"}

    def post(self, request: Request) -> Response:
        """The key, good for a day."""
        address = self.json_body().get("url")
        if not isinstance(address, str) or not address:
            raise BadRequestError("Invalid url", "Send the address as url.")
        if self.actor.provider_id is None:
            raise PermissionDenied("This is for the systems of providers.")
        query = urlsplit(address).query
        key = keep_address(query=query, provider_id=self.actor.provider_id, at=timezone.now())
        page = urlsplit(address).path.rstrip("/").rpartition("/")[2] or "x"
        return Response({"result": f"{page.removesuffix('.do')}.do?sysparm_tiny={key}"})


class StatsView(MarketView):
    """Figures over a table's rows."""

    def get(self, request: Request, table: str) -> Response:
        """Count, average, least, greatest and sum, by group where one is named."""
        found, params = self.table(table), request.query_params
        wish = wish_of(params)
        groups = _names(params.get("sysparm_group_by", ""))
        figures = {
            sort: _names(params.get(f"sysparm_{sort}_fields", "")) for sort in ("avg", "min", "max", "sum")
        }
        rows = stats_of(
            found,
            wish.query,
            self.reading,
            group_by=groups,
            with_count=params.get("sysparm_count", "").lower() == "true",
            figures=figures,
        )
        results = []
        for cells, stats in rows:
            shown: dict[str, Any] = {"stats": _texts(stats)}
            if groups:
                shown["groupby_fields"] = [
                    {"field": name, "value": cell.display if wish.display == "true" else cell.value}
                    for name, cell in cells.items()
                ]
            results.append(shown)
        return Response({"result": results if groups else (results[0] if results else {"stats": {}})})


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _texts(stats: dict[str, Any]) -> dict[str, Any]:
    return {name: _texts(value) if isinstance(value, dict) else _text(value) for name, value in stats.items()}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "astimezone"):
        return written(value)
    return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
