"""Reads of contracts, in the tenant in scope."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext

from calendars.models import Calendar
from lifecycle.public import NotFoundError
from people.public import Actor, get_tenant
from suppliers.models import Contract, ContractTerms
from suppliers.policy import visible_to
from tenancy.public import current_tenant_id


def visible_contracts(actor: Actor) -> QuerySet[Contract]:
    """The contracts that the actor may see, each with its provider."""
    return visible_to(actor, Contract.objects.select_related("provider"))


def get_contract(actor: Actor, code: str) -> Contract:
    """The contract with this code. Raises NotFoundError, also where the actor may not see it."""
    contract = visible_contracts(actor).filter(code=code).first()
    if contract is None:
        raise NotFoundError(gettext("There is no such contract."))
    return contract


def terms_of(contract: Contract) -> list[ContractTerms]:
    """Every version of a contract's terms, the newest first."""
    return list(
        ContractTerms.objects.filter(contract=contract)
        .select_related("calendar")
        .order_by("-effective_from", "-id")
    )


def terms_in_force(contract: Contract, at: datetime) -> ContractTerms | None:
    """The terms in force at an instant (UTC)."""
    return next((terms for terms in terms_of(contract) if terms.effective_from <= at), None)


@dataclass(frozen=True, slots=True)
class ContractState:
    """A contract as it stands at an instant: whether it is in force then, and its terms; None before the first."""

    contract: Contract
    is_in_force: bool
    terms: ContractTerms | None


def contracts_at(at: datetime) -> Mapping[UUID, ContractState]:
    """Every contract of the tenant by key, as it stands at an instant (UTC); its days are the tenant's."""
    terms: dict[UUID, ContractTerms] = {}
    for row in ContractTerms.objects.filter(effective_from__lte=at).order_by("effective_from", "id"):
        terms[row.contract_id] = row
    today = at.astimezone(ZoneInfo(get_tenant(current_tenant_id()).time_zone)).date()
    return {
        contract.pk: ContractState(
            contract,
            contract.starts_date <= today and (contract.ends_date is None or today <= contract.ends_date),
            terms.get(contract.pk),
        )
        for contract in Contract.objects.select_related("provider")
    }


def calendars_to_choose() -> list[Calendar]:
    """Every calendar, by name."""
    return list(Calendar.objects.order_by("name", "id"))
