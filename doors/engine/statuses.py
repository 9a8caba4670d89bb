"""The one table from domain errors to HTTP, for pages and API alike."""

from lifecycle.public import (
    DomainError,
    ForbiddenError,
    IllegalStepError,
    NotFoundError,
    RuleError,
    StaleVersionError,
)

STATUSES: dict[type[DomainError], int] = {
    NotFoundError: 404,
    ForbiddenError: 403,
    StaleVersionError: 409,
    IllegalStepError: 409,
    RuleError: 422,
}


def status_of(error: DomainError) -> int:
    """The HTTP status of a domain error; 422 for one that has none of its own."""
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 422)
