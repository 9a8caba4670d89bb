"""When to try again."""

import random
from datetime import timedelta

MAX_ATTEMPTS = 12
_BASE = 5.0
_CAP = 4 * 3600.0


def next_delay(attempts: int) -> timedelta | None:
    """Full-jitter exponential delay after the given number of failed attempts; None when it is time to give up.

    Twelve attempts spread over about a day.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    ceiling = min(_CAP, _BASE * 2**attempts)
    return timedelta(seconds=random.uniform(ceiling / 2, ceiling))  # noqa: S311  spread, not secrecy
