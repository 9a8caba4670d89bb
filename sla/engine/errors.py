"""What can be wrong with a target or a history handed to the engine."""

from typing import ClassVar


class TargetDefinitionError(ValueError):
    """A target is not valid; `field` names the place, `reason` says what is wrong there."""

    code: ClassVar[str] = "target_invalid"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class EmptyHistoryError(ValueError):
    """A record without a single change has no timeline."""

    code: ClassVar[str] = "history_empty"


class UnknownCalendarError(LookupError):
    """A target names a calendar that was not handed in."""

    code: ClassVar[str] = "target_calendar_unknown"
