"""The door of `suppliers` for other apps."""

from suppliers.engine.impact import BrokenPromise, judge_terms
from suppliers.queries.contracts import (
    ContractState,
    calendars_to_choose,
    contracts_at,
    get_contract,
    terms_in_force,
    terms_of,
    visible_contracts,
)
from suppliers.services.contracts import (
    ChangedTerms,
    ContractRefusedError,
    Terms,
    change_contract_terms,
    create_contract,
    preview_contract_terms,
)

__all__ = [
    "BrokenPromise",
    "ChangedTerms",
    "ContractRefusedError",
    "ContractState",
    "Terms",
    "calendars_to_choose",
    "change_contract_terms",
    "contracts_at",
    "create_contract",
    "get_contract",
    "judge_terms",
    "preview_contract_terms",
    "terms_in_force",
    "terms_of",
    "visible_contracts",
]
