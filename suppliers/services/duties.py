"""What a contract costs, what is owed under it, and how it is renewed."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from lifecycle.public import NotFoundError, RuleError
from people.public import Actor
from suppliers.engine.duties import PENNY, due_dates
from suppliers.models import Charge, Contract, Obligation, ObligationMet, Renewal
from suppliers.policy import DEFINE, require

DEAREST = Decimal(1_000_000_000)
_NAME_MAX, _EVIDENCE_MAX, _DAYS_MAX = 200, 1000, 3660


def add_charge(
    *,
    contract: Contract,
    name: str,
    every: str,
    amount: Decimal,
    starts_date: date,
    actor: Actor,
    ends_date: date | None = None,
) -> Charge:
    """A charge of a contract: `amount` pounds each "month", or "once". Raises RuleError naming what is wrong."""
    require(actor, DEFINE)
    wrong = _wrong_name(name) | _wrong_days(starts_date, ends_date, "ends_date")
    if every not in Charge.Every.values:
        wrong["every"] = gettext("Use one of %(choices)s.") % {"choices": ", ".join(Charge.Every.values)}
    if not amount.is_finite() or not 0 < amount < DEAREST:
        wrong["amount"] = gettext("Give an amount above nothing, in pounds.")
    elif amount != amount.quantize(PENNY):
        wrong["amount"] = gettext("Give pounds and whole pennies.")
    _refuse(wrong)
    return Charge.objects.create(
        contract=contract,
        provider_id=contract.provider_id,
        name=name.strip(),
        every=every,
        amount=amount,
        starts_date=starts_date,
        ends_date=ends_date,
    )


def add_obligation(
    *,
    contract: Contract,
    name: str,
    owed_by: str,
    every: str,
    first_date: date,
    actor: Actor,
    ends_date: date | None = None,
) -> Obligation:
    """Something owed under a contract by a day, "once" or each "month", "quarter" or "year" after it.

    Raises RuleError naming what is wrong.
    """
    require(actor, DEFINE)
    wrong = _wrong_name(name) | _wrong_days(first_date, ends_date, "ends_date")
    for field, value, known in (
        ("owed_by", owed_by, Obligation.OwedBy.values),
        ("every", every, Obligation.Every.values),
    ):
        if value not in known:
            wrong[field] = gettext("Use one of %(choices)s.") % {"choices": ", ".join(known)}
    _refuse(wrong)
    return Obligation.objects.create(
        contract=contract,
        provider_id=contract.provider_id,
        name=name.strip(),
        owed_by=owed_by,
        every=every,
        first_date=first_date,
        ends_date=ends_date,
    )


def end_duty(*, contract: Contract, key: UUID, last_date: date, actor: Actor) -> None:
    """A charge or an obligation of a contract has its last day; what was before stays as it was.

    Raises NotFoundError, and RuleError for a day before its first.
    """
    require(actor, DEFINE)
    charge = Charge.objects.filter(contract=contract, pk=key).first()
    duty = charge or Obligation.objects.filter(contract=contract, pk=key).first()
    if duty is None:
        raise NotFoundError(gettext("There is no such charge or obligation."))
    first = duty.starts_date if isinstance(duty, Charge) else duty.first_date
    _refuse(_wrong_days(first, last_date, "last_date"))
    duty.ends_date = last_date
    duty.save(update_fields=["ends_date"])


def meet_obligation(
    *, contract: Contract, key: UUID, due_date: date, evidence: str, actor: Actor, at: datetime
) -> ObligationMet:
    """What was owed by a day was done; `evidence` says what shows it. Once for each day; `at` is UTC.

    Raises NotFoundError, and RuleError for a day on which nothing is owed, or where it was said before.
    """
    require(actor, DEFINE)
    duty = Obligation.objects.filter(contract=contract, pk=key).first()
    if duty is None:
        raise NotFoundError(gettext("There is no such charge or obligation."))
    wrong = {}
    owed = due_dates(duty.first_date, duty.every, ends=duty.ends_date, since=due_date, until=due_date)
    if due_date not in owed:
        wrong["due_date"] = gettext("Nothing is owed by this day.")
    if not evidence.strip():
        wrong["evidence"] = gettext("Say what shows it.")
    elif len(evidence) > _EVIDENCE_MAX:
        wrong["evidence"] = gettext("Use %(count)s characters or fewer.") % {"count": f"{_EVIDENCE_MAX:,}"}
    _refuse(wrong)
    try:
        with transaction.atomic():
            return ObligationMet.objects.create(
                obligation=duty,
                provider_id=duty.provider_id,
                due_date=due_date,
                met_at=at,
                evidence=evidence.strip(),
                by_name=actor.name,
            )
    except IntegrityError as error:
        words = gettext("It was said to be met before.")
        raise RuleError(words, fields={"due_date": words}) from error


def change_renewal(
    *,
    contract: Contract,
    ends_date: date | None,
    renewal: str,
    notice_days: int,
    warning_days: int,
    actor: Actor,
) -> Contract:
    """When a contract ends, what happens then, and from when is warned. Raises RuleError naming what is wrong."""
    require(actor, DEFINE)
    wrong = _wrong_days(contract.starts_date, ends_date, "ends_date")
    if renewal not in Renewal.values:
        wrong["renewal"] = gettext("Use one of %(choices)s.") % {"choices": ", ".join(Renewal.values)}
    for name, days in (("notice_days", notice_days), ("warning_days", warning_days)):
        if not 0 <= days <= _DAYS_MAX:
            wrong[name] = gettext("Give days, ten years at most.")
    _refuse(wrong)
    contract.ends_date, contract.renewal = ends_date, renewal
    contract.notice_days, contract.warning_days = notice_days, warning_days
    contract.save(update_fields=["ends_date", "renewal", "notice_days", "warning_days"])
    return contract


def _wrong_name(name: str) -> dict[str, str]:
    if not name.strip():
        return {"name": gettext("Say what it is.")}
    if len(name) > _NAME_MAX:
        return {"name": gettext("Use %(count)s characters or fewer.") % {"count": _NAME_MAX}}
    return {}


def _wrong_days(first: date, last: date | None, field: str) -> dict[str, str]:
    if last is not None and last < first:
        return {field: gettext("The last day cannot be before the first.")}
    return {} if first.year < 9000 else {field: gettext("Use a day that will come.")}


def _refuse(wrong: dict[str, str]) -> None:
    if wrong:
        raise RuleError(gettext("It cannot be written down like this."), fields=wrong)
