"""The verdicts of an imported history as a table."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people.public import tenant_by_code
from tenancy.engine.scope import tenant_scope
from tenancy.models import Tenant
from transition.queries import Verdict, find_import, verdicts_of

COLUMNS = (
    "external_reference",
    "target",
    "started_at",
    "stopped_at",
    "elapsed_seconds",
    "target_seconds",
    "met",
)
MET_WORDS = {True: "true", False: "false", None: ""}


class Command(BaseCommand):
    help = (
        "Write one row per record and target of an import: the clock that applied last, times in UTC (ISO 8601),"
        " durations in open seconds; `met` is true or false, empty while the clock is open."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", required=True, help="code of the tenant")
        parser.add_argument(
            "--import", required=True, dest="source", metavar="NAME", help="name of the import"
        )
        parser.add_argument("--csv", required=True, type=Path, metavar="OUT", help="the file to write")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            tenant = tenant_by_code(options["tenant"])
        except Tenant.DoesNotExist as error:
            raise CommandError(f"no tenant has the code {options['tenant']!r}") from error
        with tenant_scope(tenant.pk, actor="system:sla-verdicts"):
            source = find_import(options["source"])
            if source is None:
                raise CommandError(f"no import has the name {options['source']!r}")
            count = 0
            try:
                with options["csv"].open("w", encoding="utf-8", newline="") as stream:
                    writer = csv.writer(stream, lineterminator="\n")
                    writer.writerow(COLUMNS)
                    for verdict in verdicts_of(source, now=timezone.now()):
                        writer.writerow(_row(verdict))
                        count += 1
            except OSError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(f"{count} verdicts written to {options['csv']}")


def _row(verdict: Verdict) -> tuple[Any, ...]:
    return (
        verdict.external_reference,
        verdict.target,
        _utc(verdict.started_at),
        _utc(verdict.stopped_at),
        verdict.elapsed_seconds,
        verdict.target_seconds,
        MET_WORDS[verdict.met],
    )


def _utc(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""
