"""The door of `suppliers` for other apps."""

from suppliers.engine.agreement_gates import guard_agreements
from suppliers.engine.impact import BrokenPromise, judge_terms
from suppliers.engine.lint import Finding, lint
from suppliers.engine.mapping import FieldPair, MappingFaultyError, MappingTable, read_mapping
from suppliers.engine.translate import Said, UnmappedError, incoming, outgoing, says_the_same
from suppliers.engine.vocabulary import Field, Vocabulary, exchange_process
from suppliers.queries.agreements import Working, agreement_in_force, get_provider, level_at
from suppliers.queries.contracts import (
    ContractState,
    calendars_to_choose,
    contracts_at,
    get_contract,
    terms_in_force,
    terms_of,
    visible_contracts,
)
from suppliers.queries.duties import monthly_charge
from suppliers.services.agreements import (
    MappingNotReadyError,
    publish_mapping,
    switch_level,
    write_mapping,
)
from suppliers.services.contracts import (
    ChangedTerms,
    ContractRefusedError,
    Terms,
    change_contract_terms,
    create_contract,
    preview_contract_terms,
)
from suppliers.services.duties import add_charge, add_obligation, change_renewal, meet_obligation

__all__ = [
    "BrokenPromise",
    "ChangedTerms",
    "ContractRefusedError",
    "ContractState",
    "Field",
    "FieldPair",
    "Finding",
    "MappingFaultyError",
    "MappingNotReadyError",
    "MappingTable",
    "Said",
    "Terms",
    "UnmappedError",
    "Vocabulary",
    "Working",
    "add_charge",
    "add_obligation",
    "agreement_in_force",
    "calendars_to_choose",
    "change_contract_terms",
    "change_renewal",
    "contracts_at",
    "create_contract",
    "exchange_process",
    "get_contract",
    "get_provider",
    "guard_agreements",
    "incoming",
    "judge_terms",
    "level_at",
    "lint",
    "meet_obligation",
    "monthly_charge",
    "outgoing",
    "preview_contract_terms",
    "publish_mapping",
    "read_mapping",
    "says_the_same",
    "switch_level",
    "terms_in_force",
    "terms_of",
    "visible_contracts",
    "write_mapping",
]
