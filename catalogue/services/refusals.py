"""What the service register refuses, whoever asks."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from lifecycle.public import RuleError, StaleVersionError

MOST_SECONDS = 366 * 86_400


class RegisterRefusedError(RuleError):
    """A component or a service's parts cannot be written down as given; `fields` says what is wrong."""

    code = "register_refused"


class CircularCompositionError(RuleError):
    """Services or tasks would need each other in a circle; `cycle` names them, the first again at the end."""

    code = "circular_composition"

    def __init__(self, cycle: tuple[str, ...], *, place: str = "", words: str = "") -> None:
        told = words or gettext("These services would need each other in a circle: %(circle)s.")
        message = told % {"circle": " → ".join(cycle)}
        fields: Mapping[str, str] = {place: message} if place else {}
        super().__init__(message, fields=fields)
        self.cycle = cycle

    def extra(self) -> dict[str, Any]:
        """The names along the circle."""
        return {"cycle": list(self.cycle)}


def check_version(*, seen: int | None, current: int) -> None:
    """Refuse what was decided on an older version; None: whoever asks did not say. Raises StaleVersionError."""
    if seen is not None and seen != current:
        words = gettext("This was changed since you read it. Nothing of yours was saved.")
        raise StaleVersionError(words, seen=seen, current=current, changes=[])
