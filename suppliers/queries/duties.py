"""What contracts cost and what is owed under them, for pages, the API and whoever reckons with it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from suppliers.engine.duties import Cost, Ending, cost_of_month, due_dates, ending_of
from suppliers.models import Charge, Contract, Obligation, ObligationMet

LOOKED_BACK, LOOKED_AHEAD = timedelta(days=366), timedelta(days=90)


def charges_of(contract: Contract) -> list[Charge]:
    """The charges of a contract, the latest to begin first."""
    return list(Charge.objects.filter(contract=contract).order_by("-starts_date", "name", "id"))


def monthly_charge(contract: Contract, month: date) -> Decimal:
    """What a contract costs in the calendar month of a day, in pounds: by days where only part is in force."""
    return cost_of(charges_of(contract), month)


def cost_of(charges: Iterable[Charge], month: date) -> Decimal:
    """What these charges come to in the calendar month of a day, in pounds."""
    rows = (Cost(row.every, row.amount, row.starts_date, row.ends_date) for row in charges)
    return cost_of_month(rows, month)


def obligations_of(contract: Contract) -> list[Obligation]:
    """What is owed under a contract, by its first day."""
    return list(Obligation.objects.filter(contract=contract).order_by("first_date", "name", "id"))


@dataclass(frozen=True, slots=True)
class Due:
    """Something owed by a day; `met` is what was said of it, None while nothing was."""

    obligation: Obligation
    day: date
    is_late: bool
    met: ObligationMet | None = None


def due_of(contracts: Collection[UUID], *, today: date) -> list[Due]:
    """What is owed under these contracts and not met: late for up to a year, or within the next 90 days, by day."""
    rows = Obligation.objects.select_related("contract").filter(contract__in=list(contracts))
    return [due for due in _calendar(rows, today) if due.met is None]


def calendar_of(contract: Contract, *, today: date) -> list[Due]:
    """What was and is owed under a contract from a year ago to 90 days ahead, by day, with what was said of it."""
    return _calendar(Obligation.objects.select_related("contract").filter(contract=contract), today)


def _calendar(rows: Iterable[Obligation], today: date) -> list[Due]:
    duties = list(rows)
    if not duties:
        return []
    met = {
        (row.obligation_id, row.due_date): row
        for row in ObligationMet.objects.filter(
            obligation__in=[duty.pk for duty in duties], due_date__gte=today - LOOKED_BACK
        )
    }
    found = [
        Due(duty, day, day < today, met.get((duty.pk, day)))
        for duty in duties
        for day in due_dates(
            duty.first_date,
            duty.every,
            ends=duty.ends_date,
            since=today - LOOKED_BACK,
            until=today + LOOKED_AHEAD,
        )
    ]
    return sorted(found, key=lambda due: (due.day, due.obligation.name))


def ending_on(contract: Contract, today: date) -> Ending | None:
    """Whether the end of a contract must be thought of on a day."""
    return ending_of(
        ends=contract.ends_date,
        renewal=contract.renewal,
        notice_days=contract.notice_days,
        warning_days=contract.warning_days,
        today=today,
    )
