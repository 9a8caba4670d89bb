"""Days on which something is owed, what a month costs, and when a contract's end must be thought of. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
PENNY = Decimal("0.01")


def month_after(day: date, months: int) -> date:
    """The same day of the month so many months on; the month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def due_dates(first: date, every: str, *, ends: date | None, since: date, until: date) -> Iterator[date]:
    """The days from `since` to `until` by which it is owed. `every` is once, month, quarter or year.

    Each is reckoned from the first one, so that what is owed on the 31st comes back to the 31st.
    """
    last = min(until, ends) if ends else until
    step = _MONTHS.get(every)
    if step is None:
        if since <= first <= last:
            yield first
        return
    number = max(0, ((since.year - first.year) * 12 + since.month - first.month) // step - 1)
    while (day := month_after(first, number * step)) <= last:
        if day >= since:
            yield day
        number += 1


@dataclass(frozen=True, slots=True)
class Cost:
    """A charge: `amount` pounds each "month" from its first day to its last, or "once"."""

    every: str
    amount: Decimal
    starts: date
    ends: date | None


def cost_of_month(costs: Iterable[Cost], month: date) -> Decimal:
    """What is charged for a calendar month, in pounds and whole pennies; `month` is any day of it.

    A charge in force for part of the month counts by the days; what is paid once counts in the month of its first day.
    """
    first = month.replace(day=1)
    after = month_after(first, 1)
    days = (after - first).days
    total = Decimal(0)
    for cost in costs:
        if cost.every == "once":
            total += cost.amount if first <= cost.starts < after else 0
            continue
        begins = max(first, cost.starts)
        ends = after if cost.ends is None else min(after, cost.ends + timedelta(days=1))
        total += cost.amount * max((ends - begins).days, 0) / days
    return total.quantize(PENNY, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Ending:
    """What a contract's last day asks for: "notice" by a day, or "over" when it has passed."""

    kind: str
    by: date


def ending_of(
    *, ends: date | None, renewal: str, notice_days: int, warning_days: int, today: date
) -> Ending | None:
    """Whether a contract's end must be thought of today; None where it need not be yet.

    Warned is from `warning_days` before the last day on which notice can be given. One that renews by itself is never
    over.
    """
    if ends is None:
        return None
    notice = ends - timedelta(days=notice_days)
    if today > ends:
        return None if renewal == "automatic" else Ending("over", ends)
    return Ending("notice", notice) if today >= notice - timedelta(days=warning_days) else None
