"""Errors of the API as problem documents (RFC 9457)."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from doors.engine.keyset import CursorError
from doors.engine.statuses import status_of
from lifecycle.public import DomainError

PROBLEM = "application/problem+json"
RETRY_SECONDS = 5


class ConflictError(exceptions.APIException):
    """The request cannot be served as things stand, e.g. while its twin is in flight."""

    status_code = 409
    default_code = "conflict"


class UnprocessableError(exceptions.APIException):
    """The request is well formed but cannot be accepted."""

    status_code = 422
    default_code = "unprocessable"


class IfMatchRequiredError(exceptions.APIException):
    """The request has to say which version it is about."""

    status_code = 428
    default_code = "if_match_required"


class PreconditionRequiredError(exceptions.APIException):
    """`If-Match` holds no version."""

    status_code = 400
    default_code = "bad_if_match"


def problem(*, status: int, code: str, detail: str, **extra: Any) -> dict[str, Any]:
    """The members of a problem document; `extra` are members of this kind of problem."""
    return {
        "type": f"/api/v1/problems/{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": detail,
    } | extra


def problem_of_failure(error: BaseException | None) -> tuple[int, str, str]:
    """Status, code and words for what is no answer of the application's own; they say nothing of the cause."""
    if isinstance(error, RequestDataTooBig):
        return 413, "too_large", "The request is too large."
    if isinstance(error, SuspiciousOperation):
        return (
            400,
            "bad_request",
            "The request holds too many fields or files, or what no address or form may hold.",
        )
    if isinstance(error, (OperationalError, InterfaceError)):
        return (
            503,
            "unavailable",
            "The database does not answer. What was confirmed is saved; try again soon.",
        )
    return 500, "internal_error", "This is our fault. It has been noted under the request's identifier."


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF exception handler: every error of the API is a problem document with a stable `code`."""
    headers: dict[str, str] = {}
    extra: dict[str, Any] = {}
    if isinstance(error, DomainError):
        status, code, detail, extra = status_of(error), error.code, error.message, error.extra()
        if error.fields:
            extra["errors"] = list(_reasons(error))
    elif isinstance(error, CursorError):
        status, code, detail = 400, error.code, str(error)
        extra["errors"] = [{"field": "cursor", "code": error.code, "detail": str(error)}]
    elif isinstance(error, exceptions.ValidationError):
        status, code, detail = 400, "invalid", "The request is not of the right shape."
        extra["errors"] = list(_fields("", error.get_full_details()))
    elif isinstance(error, (Http404, exceptions.NotFound)):
        status, code, detail = 404, "not_found", "There is no such thing here."
    elif isinstance(error, PermissionDenied):
        status, code, detail = 403, "forbidden", "You may not do this."
    elif isinstance(error, exceptions.APIException):
        status, detail = error.status_code, str(error.detail)
        code, headers = str(getattr(error.detail, "code", error.default_code)), _headers(error)
    elif isinstance(error, (SuspiciousOperation, OperationalError, InterfaceError)):
        status, code, detail = problem_of_failure(error)
        if status == 503:
            headers["Retry-After"] = str(RETRY_SECONDS)
    else:
        return None
    set_rollback()
    body = problem(status=status, code=code, detail=detail, **extra)
    return Response(body, status=status, headers=headers, content_type=PROBLEM)


def _reasons(error: DomainError) -> Iterator[dict[str, str]]:
    for name, reason in error.fields.items():
        yield {"field": name, "code": error.code, "detail": reason}


def _headers(error: exceptions.APIException) -> dict[str, str]:
    said = {
        "WWW-Authenticate": getattr(error, "auth_header", None),
        "Retry-After": getattr(error, "wait", None),
    }
    return {
        name: str(int(value)) if name == "Retry-After" else value for name, value in said.items() if value
    }


def _fields(path: str, details: Any) -> Any:
    # A field may itself be called "message": what is wrong with it is a list.
    if isinstance(details, dict) and isinstance(details.get("message"), str):
        yield {"field": path, "code": details["code"], "detail": str(details["message"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            yield from _fields(f"{path}.{name}" if path else str(name), inner)
    else:
        for inner in details:
            yield from _fields(path, inner)
