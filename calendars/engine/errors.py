"""What can be wrong with a calendar or with a question put to one."""

from typing import ClassVar


class CalendarError(ValueError):
    """A calendar's definition is not valid; `field` names the place, `reason` says what is wrong there."""

    code: ClassVar[str] = "calendar_invalid"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class NeverOpenError(ValueError):
    """The calendar has not enough open time left to consume what was asked."""

    code: ClassVar[str] = "calendar_never_open"


class CalendarRangeError(ValueError):
    """An instant lies outside the years for which working time is computed."""

    code: ClassVar[str] = "calendar_instant_out_of_range"
