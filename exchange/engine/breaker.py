"""When an endpoint is left alone, and when a message is given up.

A message is given up only when it failed often and for long: a system that was away for a day, or a weekend, finds all
that was for it.
"""

import random
from datetime import datetime, timedelta

FAILURES_TO_OPEN = 3
TRIES_MIN = 12
KEPT_FOR = timedelta(days=4)
_FIRST, _LONGEST = 2.0, 300.0


def again_in(failures: int, asked: int | None) -> timedelta:
    """How long nothing is tried after so many failures in a row: longer each time, up to five minutes.

    As long as was asked for, where they asked. Spread, so that not all come back at once.
    """
    if asked is not None:
        return timedelta(seconds=asked)
    ceiling = min(_LONGEST, _FIRST * 2 ** min(failures, 20))
    return timedelta(seconds=random.uniform(ceiling / 2, ceiling))  # noqa: S311  spread, not secrecy


def open_until(*, failures: int, asked: int | None, at: datetime) -> datetime | None:
    """Until when an endpoint is left alone after `failures` in a row; None while single failures may be chance."""
    if asked is None and failures < FAILURES_TO_OPEN:
        return None
    return at + again_in(failures, asked)


def is_given_up(*, attempts: int, made_at: datetime, at: datetime) -> bool:
    """Whether a message that failed is parked as dead."""
    return attempts >= TRIES_MIN and at - made_at >= KEPT_FOR
