"""Every service before it goes live and every supplier, with how ready each is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from catalogue.models import Service
from governance.queries.readiness import Subject, readiness_of
from people.models import Provider

MOST = 50


@dataclass(frozen=True, slots=True)
class OverviewLine:
    """A service or a supplier with its score in per cent and the titles of what is missing."""

    code: str
    name: str
    score: int
    missing: Sequence[str]


def overview_lines(today: date) -> tuple[list[OverviewLine], list[OverviewLine]]:
    """Services in the pipeline, and external suppliers, by name; the first fifty of each."""
    services = Service.objects.select_related("support_group").filter(
        stage__in=("proposed", "designing", "accepting")
    )
    suppliers = Provider.objects.filter(is_internal=False)
    return (
        [_line(row, today) for row in services.order_by("name", "id")[:MOST]],
        [_line(row, today) for row in suppliers.order_by("name", "id")[:MOST]],
    )


def _line(row: Subject, today: date) -> OverviewLine:
    found = readiness_of(row, today)
    return OverviewLine(row.code, row.name, found.score, [check.title for check in found.missing])
