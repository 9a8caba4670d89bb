"""Headers, probes and errors of the web."""

import secrets
from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render

from doors.engine.statuses import status_of
from lifecycle.public import DomainError

GetResponse = Callable[[HttpRequest], HttpResponse]


class ContentSecurityPolicyMiddleware:
    """A strict policy on every response: scripts by nonce only, styles from here only."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.setdefault(
            "Content-Security-Policy",
            f"default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; img-src 'self' data:;"
            " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        )
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        return response


class CompressedPageMiddleware(GZipMiddleware):
    """Compresses pages, whose secrets it pads against guessing by length. Not the API, whose ETags are strong.

    Static files are compressed when they are built. What is streamed goes out as it comes.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The page as the browser takes it."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind not in ("text/html", "text/css"):
            return response
        return super().process_response(request, response)


class ProbeMiddleware:
    """`/livez`: the process answers. Before sessions and database, so that it says nothing else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/livez":
            return HttpResponse("ok", content_type="text/plain")
        return self.get_response(request)


class NullByteMiddleware:
    """Refuses addresses that hold a null byte: nothing here has one, and the database would not take it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise SuspiciousOperation("a null byte in the address")
        return self.get_response(request)


class DomainErrorMiddleware:
    """A domain error that a page did not handle becomes the error page of its status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Render 403, 404, 409 or 422 for a domain error; leave any other to Django."""
        if not isinstance(error, DomainError):
            return None
        status = status_of(error)
        context = {"error": error, "reference": getattr(request, "id", ""), **error.extra()}
        return render(request, f"errors/{status}.html", context, status=status)
