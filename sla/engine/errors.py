"""What can be wrong with a target or a history handed to the engine."""

from collections.abc import Mapping
from typing import ClassVar

from lifecycle.public import RuleError


class TargetDefinitionError(RuleError, ValueError):
    """A target is not valid; `field` names the place, `reason` says what is wrong there and what would be right.

    `fields` holds every place that is wrong, of which `field` is the first.
    """

    code = "target_invalid"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}", fields={field: reason})
        self.field = field
        self.reason = reason

    @classmethod
    def of(cls, wrong: Mapping[str, str]) -> "TargetDefinitionError":
        """The error of several places, at least one."""
        error = cls(*next(iter(wrong.items())))
        error.fields = dict(wrong)
        return error


class EmptyHistoryError(ValueError):
    """A record without a single change has no timeline."""

    code: ClassVar[str] = "history_empty"


class UnknownCalendarError(LookupError):
    """A target names a calendar that was not handed in."""

    code: ClassVar[str] = "target_calendar_unknown"
