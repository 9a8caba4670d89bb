"""A life cycle is a table of steps that code, API, buttons, documentation and tests all read."""

from lifecycle.engine.errors import (
    DomainError,
    ForbiddenError,
    IllegalStepError,
    MissingFieldError,
    NotFoundError,
    RuleError,
    StaleVersionError,
)
from lifecycle.engine.guards import is_own
from lifecycle.engine.table import PHASES, Lifecycle, Offer, State, Transition

__all__ = [
    "PHASES",
    "DomainError",
    "ForbiddenError",
    "IllegalStepError",
    "Lifecycle",
    "MissingFieldError",
    "NotFoundError",
    "Offer",
    "RuleError",
    "StaleVersionError",
    "State",
    "Transition",
    "is_own",
]
