"""Errors as the market's product words them, so that its clients know them."""

from typing import Any

from django.conf import settings
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from doors.api.errors import problem_handler, problem_of_failure
from lifecycle.public import DomainError, ForbiddenError, NotFoundError, StaleVersionError

NO_RECORD = "No Record found"
UNKNOWN = "User Not Authenticated"


class BadRequestError(exceptions.APIException):
    """A table, an address or a body that there is none of."""

    status_code = 400
    default_code = "bad_request"

    def __init__(self, message: str, detail: str | None = None) -> None:
        super().__init__(message)
        self.message, self.more = message, detail


def failure(message: str, detail: str | None) -> dict[str, Any]:
    """The body of every refusal."""
    return {"error": {"message": message, "detail": detail}, "status": "failure"}


def market_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF exception handler of these addresses."""
    found = _of_domain(error) if isinstance(error, DomainError) else _of_request(error)
    headers: dict[str, str] = {}
    if found is None:
        # The API's own handler says whether this is a failure to be told.
        answer = problem_handler(error, context)
        if answer is None:
            return None
        status, _, words = problem_of_failure(error)
        found, headers = (status, "Operation Failed", words), dict(answer.headers)
    elif isinstance(error, (exceptions.NotAuthenticated, exceptions.AuthenticationFailed)):
        headers["WWW-Authenticate"] = 'BASIC realm="Service"'
    elif isinstance(error, exceptions.Throttled):
        wait = str(int(getattr(error, "wait", None) or 1))
        headers |= {"Retry-After": wait, "X-RateLimit-Reset": wait, "X-RateLimit-Limit": settings.API_RATE}
    status, message, detail = found
    set_rollback()
    return Response(failure(message, detail), status=status, headers=headers, content_type="application/json")


Refusal = tuple[int, str, str | None]


def _of_domain(error: DomainError) -> Refusal:
    if isinstance(error, NotFoundError):
        return 404, NO_RECORD, "Record doesn't exist or ACL restricts the record retrieval"
    if isinstance(error, ForbiddenError):
        return 403, "Operation Failed", f"ACL Exception: {error.message}"
    return 409 if isinstance(error, StaleVersionError) else 403, "Operation Failed", _reasons(error)


def _of_request(error: Exception) -> Refusal | None:
    if isinstance(error, (exceptions.NotAuthenticated, exceptions.AuthenticationFailed)):
        return 401, UNKNOWN, "Required to provide Auth information"
    if isinstance(error, BadRequestError):
        return 400, error.message, error.more
    if isinstance(error, exceptions.Throttled):
        return 429, "Rate limit exceeded", "Try again after the seconds in Retry-After."
    if isinstance(error, exceptions.PermissionDenied):
        return 403, "User Not Authorized", str(error.detail)
    return (
        (error.status_code, str(error.detail), None) if isinstance(error, exceptions.APIException) else None
    )


def _reasons(error: DomainError) -> str:
    reasons = "; ".join(f"{name}: {reason}" for name, reason in error.fields.items())
    return f"{error.message} {reasons}".strip()
