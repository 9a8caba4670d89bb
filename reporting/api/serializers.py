"""What the figures' resources give."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers


class BoardOut(serializers.Serializer[Any]):
    """A dashboard: what it tells, and by what it can be broken down."""

    code = serializers.CharField()
    title = serializers.CharField()
    lede = serializers.CharField()
    by = serializers.ListField(child=serializers.CharField())


class BoardList(serializers.Serializer[Any]):
    """All dashboards."""

    results = BoardOut(many=True)


class ColumnOut(serializers.Serializer[Any]):
    """A figure of a table: the sum of the measures `over`, or its ratio to the sum of those `under`."""

    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.ChoiceField(["count", "percent", "duration", "number", "share"])
    over = serializers.ListField(child=serializers.CharField())
    under = serializers.ListField(child=serializers.CharField())
    formulas = serializers.ListField(child=serializers.CharField())
    exclusions = serializers.ListField(child=serializers.CharField())


class ValueOut(serializers.Serializer[Any]):
    """As measured and as ruled after disputes; durations in seconds, percent of 100, null where nothing was counted."""

    column = serializers.CharField()
    measured = serializers.FloatField(allow_null=True)
    ruled = serializers.FloatField(allow_null=True)


class RowOut(serializers.Serializer[Any]):
    """One value of the breakdown. Rows of business units hold all below them; `depth` tells how deep they lie."""

    code = serializers.CharField(allow_null=True, help_text="to filter by; null for the total")
    name = serializers.CharField()
    depth = serializers.IntegerField()
    values = ValueOut(many=True)


class TableOut(serializers.Serializer[Any]):
    """A table of a dashboard."""

    code = serializers.CharField()
    title = serializers.CharField()
    columns = ColumnOut(many=True)
    rows = RowOut(many=True)
    total = RowOut()


@extend_schema_serializer(component_name="BoardFigures")
class FiguresOut(serializers.Serializer[Any]):
    """A dashboard's figures as known at an instant (UTC)."""

    board = serializers.CharField()
    start = serializers.CharField(help_text="first month, YYYY-MM")
    end = serializers.CharField(help_text="last month, YYYY-MM")
    by = serializers.CharField()
    known_at = serializers.DateTimeField()
    tables = TableOut(many=True)


class ContributionOut(serializers.Serializer[Any]):
    """What one record adds to a figure."""

    record = serializers.CharField(help_text="number")
    measure = serializers.CharField()
    decided_at = serializers.DateTimeField()
    support_group = serializers.CharField(allow_blank=True)
    provider = serializers.CharField(allow_blank=True)
    target = serializers.CharField(allow_blank=True)
    amount = serializers.IntegerField()
    ruled = serializers.IntegerField()


class EvidenceOut(serializers.Serializer[Any]):
    """A page of the records behind a figure."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    column = serializers.CharField()
    sums = serializers.DictField(child=serializers.ListField(child=serializers.IntegerField()))
    targets = serializers.ListField(child=serializers.CharField(), help_text="versions that were measured")
    results = ContributionOut(many=True)


class ReportIn(serializers.Serializer[Any]):
    """A report to issue. `provider` is the supplier's code, for a supplier report."""

    kind = serializers.ChoiceField(["sla", "supplier"])
    month = serializers.CharField(max_length=7, help_text="YYYY-MM")
    provider = serializers.CharField(max_length=60, required=False, default="")
    language = serializers.CharField(max_length=8, required=False, default="")


class ReportOut(serializers.Serializer[Any]):
    """A report as issued. Its check code opens the same figures at /reports/check/."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(["sla", "supplier"])
    title = serializers.CharField()
    month = serializers.CharField(help_text="YYYY-MM")
    provider = serializers.CharField(allow_null=True, help_text="code of the supplier")
    language = serializers.CharField()
    check_code = serializers.CharField()
    sha256 = serializers.CharField(help_text="of the figures as they were frozen")
    issued_at = serializers.DateTimeField()
    known_at = serializers.DateTimeField()
    issued_by = serializers.CharField()


class ReportWhole(ReportOut):
    """A report with its figures, exactly as issued."""

    figures = serializers.DictField()


class ReportPage(serializers.Serializer[Any]):
    """A page of reports."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ReportOut(many=True)
