"""What can be wrong with a composition handed to the engine."""

from typing import ClassVar


class CircularCompositionError(ValueError):
    """Parts that need each other in a circle; `cycle` names them, the first one again at the end."""

    code: ClassVar[str] = "circular_composition"

    def __init__(self, cycle: tuple[str, ...]) -> None:
        super().__init__(" → ".join(cycle))
        self.cycle = cycle


class CompositionTooLargeError(ValueError):
    """More ways through the parts than can be looked at one by one."""

    code: ClassVar[str] = "composition_too_large"
