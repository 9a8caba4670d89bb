"""Contracts as the API takes them in and gives them out."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from doors.api.strict import StrictSerializer
from suppliers.public import BrokenPromise


class TermsIn(StrictSerializer):
    """New terms. Times are open seconds of the calendar; leave out what the contract is silent about."""

    calendar = serializers.CharField(help_text="code of the calendar in whose hours the provider works")
    response_seconds = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    resolution_seconds = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    fulfilment_seconds = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    availability = serializers.DecimalField(
        max_digits=7, decimal_places=4, required=False, allow_null=True, help_text="percent"
    )
    effective_from = serializers.DateTimeField(required=False, help_text="now, unless said")


class ContractIn(TermsIn):
    """A contract and its first terms."""

    code = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=200)
    provider = serializers.CharField(help_text="code of the provider")
    starts_date = serializers.DateField()
    ends_date = serializers.DateField(required=False, allow_null=True, help_text="the last day")


class TermsOut(serializers.Serializer[Any]):
    """Terms of a contract from an instant on."""

    effective_from = serializers.DateTimeField()
    calendar = serializers.CharField()
    response_seconds = serializers.IntegerField(allow_null=True)
    resolution_seconds = serializers.IntegerField(allow_null=True)
    fulfilment_seconds = serializers.IntegerField(allow_null=True)
    availability = serializers.CharField(allow_null=True, help_text="percent")


class ContractOut(serializers.Serializer[Any]):
    """A contract; `terms` are its versions, the newest first."""

    code = serializers.CharField()
    name = serializers.CharField()
    provider = serializers.CharField()
    starts_date = serializers.DateField()
    ends_date = serializers.DateField(allow_null=True)
    terms = TermsOut(many=True)


class ContractLineOut(serializers.Serializer[Any]):
    """A contract in a list."""

    code = serializers.CharField()
    name = serializers.CharField()
    provider = serializers.CharField()
    starts_date = serializers.DateField()
    ends_date = serializers.DateField(allow_null=True)


class ContractPage(serializers.Serializer[Any]):
    """A page of contracts."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ContractLineOut(many=True)


class BrokenOut(serializers.Serializer[Any]):
    """A promise that the terms break."""

    service = serializers.CharField()
    words = serializers.CharField()
    chain = serializers.ListField(child=serializers.CharField())
    is_new = serializers.BooleanField(help_text="false: broken before, and now worse")


class ImpactOut(serializers.Serializer[Any]):
    """What terms do to promises."""

    broken = BrokenOut(many=True)


def line_of(contract: Any) -> dict[str, Any]:
    """A contract in a list."""
    return {
        "code": contract.code,
        "name": contract.name,
        "provider": contract.provider.code,
        "starts_date": contract.starts_date.isoformat(),
        "ends_date": contract.ends_date.isoformat() if contract.ends_date else None,
    }


def terms_row(terms: Any) -> dict[str, Any]:
    """A version of terms."""
    return {
        "effective_from": terms.effective_from,
        "calendar": terms.calendar.code,
        "response_seconds": terms.response_seconds,
        "resolution_seconds": terms.resolution_seconds,
        "fulfilment_seconds": terms.fulfilment_seconds,
        "availability": None if terms.availability is None else f"{terms.availability.normalize():f}",
    }


def broken_rows(broken: Sequence[BrokenPromise]) -> list[dict[str, Any]]:
    """Broken promises."""
    return [
        {"service": row.service, "words": row.words, "chain": list(row.chain), "is_new": row.is_new}
        for row in broken
    ]
