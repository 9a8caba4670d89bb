"""Writing contracts down, and changing their terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from calendars.public import find_calendar
from lifecycle.public import RuleError
from people.models import Provider
from people.public import Actor, providers
from suppliers.engine.impact import BrokenPromise, broken_by
from suppliers.models import Contract, ContractTerms
from suppliers.policy import DEFINE, require

LONGEST = 10 * 366 * 86_400


class ContractRefusedError(RuleError):
    """A contract or its terms cannot be written down as given; `fields` says what is wrong."""

    code = "contract_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Terms to be: seconds of the calendar with this code, availability in percent; None where nothing is said."""

    calendar: str
    response_seconds: int | None = None
    resolution_seconds: int | None = None
    fulfilment_seconds: int | None = None
    availability: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ChangedTerms:
    """New terms, and the promises that they break."""

    terms: ContractTerms
    broken: Sequence[BrokenPromise]


def create_contract(
    *,
    code: str,
    name: str,
    provider: str,
    starts_date: date,
    terms: Terms,
    effective_from: datetime,
    actor: Actor,
    ends_date: date | None = None,
) -> Contract:
    """A contract with the provider of this code, and its first terms. Raises ContractRefusedError."""
    require(actor, DEFINE)
    wrong: dict[str, str] = {}
    owner = next((row for row in providers() if row.code == provider), None)
    if not code or slugify(code) != code or len(code) > 60:
        wrong["code"] = gettext("Use small letters, digits and hyphens, at most 60.")
    elif Contract.objects.filter(code=code).exists():
        wrong["code"] = gettext("There is a contract with this code already.")
    if not name.strip():
        wrong["name"] = gettext("Give the contract a name.")
    if owner is None:
        wrong["provider"] = gettext("There is no provider with this code.")
    if ends_date is not None and ends_date < starts_date:
        wrong["ends_date"] = gettext("The last day cannot be before the first.")
    wrong |= _wrong_with(terms)
    if wrong or owner is None:
        raise ContractRefusedError(gettext("The contract cannot be written down like this."), fields=wrong)
    with transaction.atomic():
        contract = Contract.objects.create(
            code=code,
            name=name.strip(),
            provider=owner,
            starts_date=starts_date,
            ends_date=ends_date,
        )
        _version(contract, owner, terms, effective_from).save(force_insert=True)
    return contract


def preview_contract_terms(
    *, contract: Contract, terms: Terms, effective_from: datetime, actor: Actor
) -> Sequence[BrokenPromise]:
    """The promises that these terms would break. Writes nothing. Raises ContractRefusedError."""
    return broken_by(
        contract=contract,
        terms=_checked(contract, terms, effective_from, actor),
        at=effective_from,
    )


def change_contract_terms(
    *, contract: Contract, terms: Terms, effective_from: datetime, actor: Actor
) -> ChangedTerms:
    """New terms from an instant (UTC) on; those before stay as they were. Raises ContractRefusedError.

    Terms come from outside and are not refused for what they break: the promises are named instead.
    """
    version = _checked(contract, terms, effective_from, actor)
    try:
        with transaction.atomic():
            # One at a time: the second of two changes is judged by what the first one left.
            Contract.objects.select_for_update(no_key=True).get(pk=contract.pk)
            broken = broken_by(contract=contract, terms=version, at=effective_from)
            version.save(force_insert=True)
    except IntegrityError as error:
        raise _taken() from error
    return ChangedTerms(version, broken)


def _checked(contract: Contract, terms: Terms, effective_from: datetime, actor: Actor) -> ContractTerms:
    require(actor, DEFINE)
    wrong = _wrong_with(terms)
    if wrong:
        raise ContractRefusedError(gettext("The terms cannot be written down like this."), fields=wrong)
    if ContractTerms.objects.filter(contract=contract, effective_from=effective_from).exists():
        raise _taken()
    return _version(contract, contract.provider, terms, effective_from)


def _taken() -> ContractRefusedError:
    words = gettext("There are terms from this instant on already; terms are added, never edited.")
    return ContractRefusedError(words, fields={"effective_from": words})


def _version(contract: Contract, provider: Provider, terms: Terms, effective_from: datetime) -> ContractTerms:
    return ContractTerms(
        contract=contract,
        provider=provider,
        effective_from=effective_from,
        calendar=find_calendar(terms.calendar),
        response_seconds=terms.response_seconds,
        resolution_seconds=terms.resolution_seconds,
        fulfilment_seconds=terms.fulfilment_seconds,
        availability=terms.availability,
    )


def _wrong_with(terms: Terms) -> dict[str, str]:
    wrong = {}
    if find_calendar(terms.calendar) is None:
        wrong["calendar"] = gettext("There is no calendar with this code.")
    for name in ("response_seconds", "resolution_seconds", "fulfilment_seconds"):
        seconds = getattr(terms, name)
        if seconds is not None and not 0 < seconds <= LONGEST:
            wrong[name] = gettext("Give more than no time, and at most ten years.")
    share = terms.availability
    if share is not None and (not share.is_finite() or not 0 < share <= 100):
        wrong["availability"] = gettext("Give a percentage above 0 and up to 100.")
    elif share is not None and share != round(share, 4):
        wrong["availability"] = gettext("Give at most four decimals.")
    return wrong
