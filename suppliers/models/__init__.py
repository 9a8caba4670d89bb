"""Contracts with what they cost and what is owed under them, and how providers work with the platform."""

from suppliers.models.agreements import Agreement, AgreementMapping, AgreementStep, Level
from suppliers.models.contracts import Contract, ContractTerms, Renewal
from suppliers.models.duties import Charge, Obligation, ObligationMet

__all__ = [
    "Agreement",
    "AgreementMapping",
    "AgreementStep",
    "Charge",
    "Contract",
    "ContractTerms",
    "Level",
    "Obligation",
    "ObligationMet",
    "Renewal",
]
