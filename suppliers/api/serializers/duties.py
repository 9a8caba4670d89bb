"""Charges, obligations and suppliers as the API takes them in and gives them out."""

from typing import Any

from rest_framework import serializers

from doors.api.strict import StrictSerializer


class ChargeIn(StrictSerializer):
    """A charge of a contract."""

    name = serializers.CharField(max_length=200)
    every = serializers.CharField(help_text="month or once")
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, help_text="pounds")
    starts_date = serializers.DateField()
    ends_date = serializers.DateField(required=False, allow_null=True, help_text="the last day")


class ChargeOut(serializers.Serializer[Any]):
    """A charge."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    every = serializers.CharField()
    amount = serializers.CharField(help_text="pounds")
    starts_date = serializers.DateField()
    ends_date = serializers.DateField(allow_null=True)


class ChargeList(serializers.Serializer[Any]):
    """The charges of a contract, the latest to begin first."""

    results = ChargeOut(many=True)
    month = serializers.DateField(help_text="whose cost it is")
    cost_of_month = serializers.CharField(help_text="pounds")


class ObligationIn(StrictSerializer):
    """Something owed under a contract."""

    name = serializers.CharField(max_length=200)
    owed_by = serializers.CharField(help_text="provider or us")
    every = serializers.CharField(help_text="once, month, quarter or year")
    first_date = serializers.DateField(help_text="by which it is owed first")
    ends_date = serializers.DateField(required=False, allow_null=True)


class DueOut(serializers.Serializer[Any]):
    """Something owed by a day; `met_at` is null while nobody said that it was done."""

    obligation = serializers.UUIDField()
    contract = serializers.CharField(help_text="code")
    name = serializers.CharField()
    owed_by = serializers.CharField()
    due_date = serializers.DateField()
    is_late = serializers.BooleanField()
    met_at = serializers.DateTimeField(allow_null=True)
    evidence = serializers.CharField()


class DueList(serializers.Serializer[Any]):
    """What was and is owed, from a year ago to 90 days ahead, by day."""

    results = DueOut(many=True)


class MetIn(StrictSerializer):
    """What was owed by a day was done."""

    due_date = serializers.DateField()
    evidence = serializers.CharField(max_length=1000)


class EndIn(StrictSerializer):
    """The last day of a charge or an obligation."""

    last_date = serializers.DateField()


class RenewalIn(StrictSerializer):
    """When a contract ends, and what then."""

    ends_date = serializers.DateField(allow_null=True, help_text="the last day; null: until further notice")
    renewal = serializers.CharField(help_text="none, automatic or option")
    notice_days = serializers.IntegerField(help_text="before the last day")
    warning_days = serializers.IntegerField(help_text="before notice is due")


class RenewalOut(serializers.Serializer[Any]):
    """The same; `think_of_it` is null, "notice" or "over", `by` the day that it is about."""

    ends_date = serializers.DateField(allow_null=True)
    renewal = serializers.CharField()
    notice_days = serializers.IntegerField()
    warning_days = serializers.IntegerField()
    think_of_it = serializers.CharField(allow_null=True)
    by = serializers.DateField(allow_null=True)


class SupplierOut(serializers.Serializer[Any]):
    """A supplier with what binds it."""

    code = serializers.CharField()
    name = serializers.CharField()
    contracts = serializers.ListField(child=serializers.CharField(), help_text="codes")
    in_force = serializers.IntegerField()
    levels = serializers.DictField(help_text="level by process, where it is not use")
    late = serializers.IntegerField(help_text="things owed and not met")
    next_due_date = serializers.DateField(allow_null=True)


class SupplierPage(serializers.Serializer[Any]):
    """A page of suppliers, by name."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = SupplierOut(many=True)


def charge_row(charge: Any) -> dict[str, Any]:
    """A charge as ChargeOut describes it."""
    return {
        "id": str(charge.pk),
        "name": charge.name,
        "every": charge.every,
        "amount": str(charge.amount),
        "starts_date": charge.starts_date,
        "ends_date": charge.ends_date,
    }


def due_row(due: Any) -> dict[str, Any]:
    """Something owed as DueOut describes it."""
    return {
        "obligation": str(due.obligation.pk),
        "contract": due.obligation.contract.code,
        "name": due.obligation.name,
        "owed_by": due.obligation.owed_by,
        "due_date": due.day,
        "is_late": due.is_late and due.met is None,
        "met_at": due.met.met_at if due.met else None,
        "evidence": due.met.evidence if due.met else "",
    }


def supplier_row(line: Any) -> dict[str, Any]:
    """A supplier as SupplierOut describes it."""
    return {
        "code": line.provider.code,
        "name": line.provider.name,
        "contracts": [contract.code for contract in line.contracts],
        "in_force": line.in_force,
        "levels": {agreement.process: agreement.level for agreement in line.levels},
        "late": line.late,
        "next_due_date": line.next_due.day if line.next_due else None,
    }
