"""Every service before it goes live and every supplier, with how ready each is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from catalogue.models import Service
from governance.queries.readiness import Subject, readiness_of_many
from people.models import Provider

MOST = 200


@dataclass(frozen=True, slots=True)
class OverviewLine:
    """A service or a supplier with its score in per cent and the titles of what is missing."""

    code: str
    name: str
    score: int
    missing: Sequence[str]


def overview_lines(today: date) -> tuple[list[OverviewLine], list[OverviewLine]]:
    """Services in the pipeline, and external suppliers, by name; the first two hundred of each."""
    services = Service.objects.select_related("support_group").filter(
        stage__in=("proposed", "designing", "accepting")
    )
    suppliers = Provider.objects.filter(is_internal=False)
    return _lines(services.order_by("name", "id"), today), _lines(suppliers.order_by("name", "id"), today)


def _lines(rows: QuerySet[Any], today: date) -> list[OverviewLine]:
    subjects: list[Subject] = list(rows[:MOST])
    found = readiness_of_many(subjects, today)
    return [
        OverviewLine(
            row.code, row.name, found[row.pk].score, [check.title for check in found[row.pk].missing]
        )
        for row in subjects
    ]
