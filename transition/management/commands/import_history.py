"""Another system's history, imported by a mapping file (see transition/MAPPING.md)."""

import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.text import slugify

from people.public import tenant_by_code
from sla.engine import TargetDefinitionError
from tenancy.engine.scope import tenant_scope
from tenancy.models import Tenant
from transition.engine import HistoryFileError, MappingError, load_mapping
from transition.engine.agreement import MET, MISSED, OPEN, Agreement
from transition.queries import agreement_of, find_import
from transition.services.import_history import (
    READING,
    ImportConflictError,
    ImportNameError,
    ImportOutcome,
    import_history,
)

UNUSABLE, WRONG_MAPPING, CONFLICT, REFUSED, INTERRUPTED = 1, 2, 3, 4, 130
BAR_WIDTH = 30
STEP_PERCENT = 10


class Command(BaseCommand):
    help = (
        "Import another system's history as its mapping says. Run again after it was stopped or killed, it goes on"
        " where it ended; run again when done, it changes nothing. Exit codes: 0 done (rows kept aside are told),"
        " 1 no such tenant or file, 2 the mapping is wrong, 3 the name was used with other calendars or targets,"
        " 4 done, but records changed since an earlier run, or could not be kept, and were refused, 130 interrupted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV, also packed (.gz, .bz2, .xz, .zip)")
        parser.add_argument("--tenant", required=True, help="code of the tenant")
        parser.add_argument("--mapping", required=True, type=Path, metavar="MAP.yaml")
        parser.add_argument("--name", default="", help="name of the import; default: the mapping's")
        parser.add_argument("--dry-run", action="store_true", help="read and measure, write nothing")
        parser.add_argument(
            "--rejects",
            type=Path,
            metavar="PATH",
            help="where the rows kept aside go; default: imports/<tenant>/<name>.rejects.csv in ITSM_HOME",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            tenant = tenant_by_code(options["tenant"])
        except Tenant.DoesNotExist as error:
            raise CommandError(
                f"no tenant has the code {options['tenant']!r}", returncode=UNUSABLE
            ) from error
        started = time.monotonic()
        progress = _Progress(self)
        try:
            name = options["name"] or load_mapping(path=options["mapping"]).name
            rejects = options["rejects"] or _default_rejects(tenant, name)
            with tenant_scope(tenant.pk, actor="system:import"):
                outcome = import_history(
                    mapping_path=options["mapping"],
                    file=options["file"],
                    name=name,
                    rejects=rejects,
                    at=timezone.now(),
                    dry_run=options["dry_run"],
                    on_progress=progress.show,
                )
                progress.end()
                taken = time.monotonic() - started
                agreement = outcome.agreement or self._agreement(name)
        except (MappingError, TargetDefinitionError) as error:
            raise CommandError(str(error), returncode=WRONG_MAPPING) from error
        except (HistoryFileError, ImportNameError, OSError) as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        except ImportConflictError as error:
            raise CommandError(str(error), returncode=CONFLICT) from error
        except KeyboardInterrupt as error:
            raise CommandError("interrupted; run again to go on", returncode=INTERRUPTED) from error
        self._report(outcome, agreement, rejects, taken, is_dry=options["dry_run"])
        if outcome.records_refused:
            raise CommandError(
                f"{outcome.records_refused} records were refused: see {rejects}", returncode=REFUSED
            )

    def _agreement(self, name: str) -> Agreement:
        source = find_import(name)
        return agreement_of(source, now=timezone.now()) if source else Agreement()

    def _report(
        self, outcome: ImportOutcome, agreement: Agreement, rejects: Path, taken: float, *, is_dry: bool
    ) -> None:
        say = self.stdout.write
        if outcome.resumed_after and outcome.records_written:
            say(f"went on after record {outcome.resumed_after}")
        say(f"rows read {outcome.rows_read} = used {outcome.rows_used} + rejected {outcome.rows_rejected}")
        written = "would be written" if is_dry else "written"
        say(
            f"records: {outcome.records_written} {written}, {outcome.records_unchanged} unchanged,"
            f" {outcome.records_refused} refused"
        )
        rate = outcome.rows_read / taken if taken else 0
        say(f"audit entries: {outcome.entries_written} {written}; {taken:.1f} s, {rate:.0f} events a second")
        if not is_dry and not outcome.records_written:
            say("nothing has changed: 0 records written")
        if outcome.rows_rejected and not is_dry:
            say(f"rows kept aside: {rejects}")
        for code, counts in sorted(agreement.verdicts.items()):
            say(f"target {code}: {counts[MET]} met, {counts[MISSED]} missed, {counts[OPEN]} open")
        for kind, (made, agreed) in sorted(agreement.claims.items()):
            say(f"agreement on {kind}: {agreed} of {made} ({agreed / made:.2%})")


class _Progress:
    """A bar on a terminal, else a line each ten per cent."""

    def __init__(self, command: BaseCommand) -> None:
        self._command = command
        self._is_terminal = sys.stderr.isatty()
        self._told: tuple[str, int] = ("", -1)

    def show(self, phase: str, done: int, total: int) -> None:
        percent = 100 * done // total if total else 100
        step = percent if self._is_terminal else percent - percent % STEP_PERCENT
        if (phase, step) == self._told:
            return
        self._told = (phase, step)
        unit = "of the file" if phase == READING else f"of {total} records"
        if self._is_terminal:
            bar = "#" * (BAR_WIDTH * percent // 100)
            self._command.stderr.write(f"\r{phase} [{bar:.<{BAR_WIDTH}}] {percent:3d} % {unit}  ", ending="")
        else:
            self._command.stderr.write(f"{phase}: {step} % {unit}")

    def end(self) -> None:
        if self._is_terminal:
            self._command.stderr.write("")


def _default_rejects(tenant: Tenant, name: str) -> Path:
    home: Path = settings.ITSM_HOME
    return home / "imports" / tenant.code / f"{slugify(name) or 'import'}.rejects.csv"
