"""Errors of the domain. Each has a stable `code`; one table in `itsm/` gives its HTTP status for both doors."""

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """A rule refused what was asked. `fields` names what is wrong, in words for the person who asked."""

    code = "refused"

    def __init__(self, message: str, *, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})

    def extra(self) -> dict[str, Any]:
        """Further members of the problem document."""
        return {}


class NotFoundError(DomainError):
    """There is no such thing, or none that the actor may see: the answer is the same."""

    code = "not_found"


class ForbiddenError(DomainError):
    """The actor may see the record but not do this to it."""

    code = "forbidden"

    def __init__(self, message: str, *, permission: str = "") -> None:
        super().__init__(message)
        self.permission = permission


class RuleError(DomainError):
    """What was asked is well formed but breaks a rule."""

    code = "rule"


class MissingFieldError(RuleError):
    """A step was asked for without what it needs."""

    code = "missing_field"


class IllegalStepError(DomainError):
    """The step does not lead on from the record's state."""

    code = "illegal_step"

    def __init__(self, message: str, *, state: str, action: str, allowed: tuple[str, ...]) -> None:
        super().__init__(message)
        self.state, self.action, self.allowed = state, action, allowed

    def extra(self) -> dict[str, Any]:
        """The state, the step and what leads on instead."""
        return {"state": self.state, "action": self.action, "allowed_actions": list(self.allowed)}


class StaleVersionError(DomainError):
    """The record changed since it was read. Nothing was written; `changes` says what the others did."""

    code = "stale_version"

    def __init__(self, message: str, *, seen: int, current: int, changes: list[dict[str, Any]]) -> None:
        super().__init__(message)
        self.seen, self.current, self.changes = seen, current, changes

    def extra(self) -> dict[str, Any]:
        """Both versions and the steps between them."""
        return {"seen_version": self.seen, "current_version": self.current, "changes": self.changes}
