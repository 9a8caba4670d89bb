"""When a plan is done, the slow way: minute by minute, everybody working on whatever may be worked on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from calendars.engine import CalendarSpec
from tests.calendars.oracle import MINUTE, open_minutes


@dataclass(frozen=True)
class Job:
    """A task: `minutes` of a calendar by name, "" for every day; one left out takes no time."""

    code: str
    after: tuple[str, ...]
    minutes: int
    calendar: str = ""


def done_at(
    jobs: Sequence[Job], calendars: Mapping[str, CalendarSpec], *, start: int, minutes: int
) -> int | None:
    """When (UTC epoch seconds) the last job is done that may begin at `start`; None when `minutes` are too few."""
    is_open = {
        name: open_minutes(spec=spec, start=start, minutes=minutes) for name, spec in calendars.items()
    }
    left = {job.code: job.minutes for job in jobs}
    ended: set[str] = set()
    for minute in range(minutes + 1):
        changed = True
        while changed:
            changed = False
            for job in jobs:
                if job.code not in ended and not left[job.code] and ended.issuperset(job.after):
                    ended.add(job.code)
                    changed = True
        if len(ended) == len(jobs):
            return start + minute * MINUTE
        if minute == minutes:
            break
        for job in jobs:
            may_begin = job.code not in ended and ended.issuperset(job.after)
            if may_begin and (not job.calendar or is_open[job.calendar][minute]):
                left[job.code] -= 1
    return None
