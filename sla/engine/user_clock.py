"""The user's clock: how long the requester has waited, whoever was to blame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sla.engine.timeline import TERMINAL_PHASES

if TYPE_CHECKING:
    from calendars.engine import WorkingTime
    from sla.engine.timeline import Timeline

_DONE = TERMINAL_PHASES | {"resolved"}


@dataclass(frozen=True, slots=True)
class UserClock:
    """Seconds of service hours from opening to resolution; time since `running_since` adds to `consumed`."""

    state: Literal["running", "stopped"]
    started_at: int
    stopped_at: int | None
    elapsed: int
    consumed: int
    running_since: int | None


def user_clock(*, timeline: Timeline, calendar: WorkingTime, now: int) -> UserClock | None:
    """Return the user's clock at `now` in the service's hours; None before the record is opened.

    Time resolved, closed or cancelled does not count; after a reopening time counts again. Instants in UTC
    epoch seconds.
    """
    if timeline.opened_at > now:
        return None
    elapsed = 0
    run_from: int | None = None
    stopped_at: int | None = None
    for span in timeline.spans:
        if span.start > now:
            break
        if span.attributes.phase not in _DONE:
            run_from = span.start if run_from is None else run_from
            stopped_at = None
            continue
        if run_from is not None:
            elapsed += calendar.open_seconds(run_from, span.start)
            run_from = None
        stopped_at = span.start if stopped_at is None else stopped_at
    running = 0 if run_from is None else calendar.open_seconds(run_from, now)
    return UserClock(
        state="stopped" if run_from is None else "running",
        started_at=timeline.opened_at,
        stopped_at=stopped_at,
        elapsed=elapsed + running,
        consumed=elapsed,
        running_since=run_from,
    )
