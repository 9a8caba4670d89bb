"""Replay: prove that what is stored is what the audit says, or see real history under other definitions."""

import csv
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people.public import all_tenants, tenant_by_code
from sla.engine.notation import NotationError
from sla.engine.verdicts import WORDS, Tallies, Tally
from sla.queries.what_if import place_names, sentences
from sla.services.notation import read_document
from sla.services.overlay import NothingChangesError
from sla.services.replay import replay
from sla.services.selection import Selection, SelectionError, selection_of
from sla.services.what_if import ChangedVerdict, WhatIf, what_if
from tenancy.engine.scope import tenant_scope
from tenancy.models import Tenant

DIFFERENT, UNUSABLE, WRONG, INTERRUPTED = 1, 1, 2, 130
SHOWN = 50
COLUMNS = (
    "number",
    "target",
    "kind",
    "metric",
    "service",
    "provider",
    "priority",
    "direction",
    "before",
    "after",
    "due_before",
    "due_after",
    "elapsed_before",
    "elapsed_after",
)


class Command(BaseCommand):
    """Writes nothing. Exits 1 when anything differs, 2 when the definitions are wrong, 130 when interrupted."""

    help = (
        "Recompute clocks and custody from the audit. By default, or with --check, report differences with what is"
        " stored; with --definitions, what verdicts would be under other definitions. Nothing stored changes."
        " Exit codes: 0 done, 1 differences, or no such tenant, service or file, 2 the definitions are wrong,"
        " 130 interrupted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", help="code of one tenant; default: all, one by one")
        parser.add_argument("--from", dest="start", help="opened on or after this date (YYYY-MM-DD, UTC)")
        parser.add_argument("--to", dest="end", help="opened before this date (YYYY-MM-DD, UTC)")
        for name, words in (
            ("service", "code of a service"),
            ("provider", "code of a provider that holds, held or was asked"),
            ("kind", "a kind of record, such as incident"),
        ):
            parser.add_argument(
                f"--{name}", action="append", default=[], help=f"only of this: {words}; may be repeated"
            )
        parser.add_argument(
            "--priority", action="append", type=int, default=[], help="only of this priority, 1 to 5"
        )
        mode = parser.add_mutually_exclusive_group()
        mode.add_argument("--check", action="store_true", help="compare with what is stored (the default)")
        mode.add_argument(
            "--definitions",
            type=Path,
            metavar="FILE",
            help="definitions in the notation that sla_definitions prints (YAML or JSON)",
        )
        parser.add_argument(
            "--csv", type=Path, metavar="OUT", help="with --definitions: every change, one a row"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["csv"] and not options["definitions"]:
            raise CommandError("--csv needs --definitions", returncode=UNUSABLE)
        tenants = [self._tenant(options["tenant"])] if options["tenant"] else all_tenants()
        if options["definitions"] and not options["tenant"]:
            raise CommandError("--definitions needs --tenant", returncode=UNUSABLE)
        try:
            if options["definitions"]:
                with tenant_scope(tenants[0].pk, actor="system:replay"):
                    self._what_if(options)
            else:
                self._check(tenants, options)
        except KeyboardInterrupt as error:
            raise CommandError("interrupted; nothing was changed", returncode=INTERRUPTED) from error
        except NotationError as error:
            raise CommandError(str(error), returncode=WRONG) from error
        except NothingChangesError as error:
            raise CommandError(f"{options['definitions']}: {error.message}", returncode=WRONG) from error
        except OSError as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error

    def _check(self, tenants: Any, options: dict[str, Any]) -> None:
        records = differences = 0
        for tenant in tenants:
            with tenant_scope(tenant.pk, actor="system:replay"):
                for count, found in replay(selection=self._selection(options)):
                    records += count
                    differences += len(found)
                    for each in found[:SHOWN]:
                        self.stdout.write(
                            f"{tenant.code} {each.number} {each.what}: stored {each.stored}, computed {each.computed}"
                        )
        self.stdout.write(f"{records} records replayed, {differences} differences")
        if differences:
            raise CommandError("what is stored is not what the audit says", returncode=DIFFERENT)

    def _what_if(self, options: dict[str, Any]) -> None:
        path: Path = options["definitions"]
        try:
            source = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise CommandError(f"{path}: is not UTF-8 text", returncode=UNUSABLE) from error
        document = read_document(source, file=str(path))
        selection = self._selection(options)
        started = time.monotonic()
        run = what_if(document, at=timezone.now(), selection=selection)
        shown: list[ChangedVerdict] = []
        changes = 0
        names: dict[tuple[str, str], str] = {}
        with _rows_to(options["csv"]) as writer:
            for row in _changes(run):
                changes += 1
                if len(shown) < SHOWN:
                    shown.append(row)
                if writer is not None:
                    writer.writerow(_row(row, names))
        self._tell(run.tallies, shown, changes)
        taken = time.monotonic() - started
        rate = run.tallies.records / taken if taken else 0
        self.stdout.write(
            f"{run.tallies.records} records, {run.tallies.records_changed} changed; {taken:.1f} s, {rate:.0f} a second"
        )

    def _tell(self, tallies: Tallies, shown: list[ChangedVerdict], changes: int) -> None:
        for sentence in sentences(tallies):
            self.stdout.write(sentence)
        self.stdout.write(_line("all", tallies.total))
        for dimension, places in tallies.by.items():
            names = place_names(dimension, places)
            for place, tally in places.items():
                self.stdout.write(_line(f"{dimension} {names[place]}", tally))
        for row in shown:
            self.stdout.write(
                f"{row.number} {row.promise.code}: {row.before.word} -> {row.after.word} ({row.direction})"
            )
        if changes > len(shown):
            self.stdout.write(f"… and {changes - len(shown)} more; --csv OUT writes all")

    def _selection(self, options: dict[str, Any]) -> Selection:
        try:
            return selection_of(
                start=self._date(options["start"]),
                end=self._date(options["end"]),
                services=options["service"],
                providers=options["provider"],
                priorities=options["priority"],
                kinds_named=options["kind"],
            )
        except SelectionError as error:
            raise CommandError(error.message, returncode=UNUSABLE) from error

    def _tenant(self, code: str) -> Tenant:
        try:
            return tenant_by_code(code)
        except Tenant.DoesNotExist as error:
            raise CommandError(f"no tenant has the code {code!r}", returncode=UNUSABLE) from error

    def _date(self, text: str | None) -> datetime | None:
        if text is None:
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=UTC)
        except ValueError as error:
            raise CommandError(f"{text!r} is not a date: use YYYY-MM-DD", returncode=UNUSABLE) from error


def _changes(run: WhatIf) -> Iterator[ChangedVerdict]:
    for _, found in run.pages():
        yield from found


@contextmanager
def _rows_to(path: Path | None) -> Iterator[Any]:
    """A writer of rows; the file appears, whole, only when all is done."""
    if path is None:
        yield None
        return
    draft = path.with_name(path.name + ".part")
    try:
        with draft.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(COLUMNS)
            yield writer
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _row(row: ChangedVerdict, names: dict[tuple[str, str], str]) -> tuple[Any, ...]:
    """A change as it is written; `names` remembers what places are called."""
    places = (("service", row.service), ("provider", row.provider))
    for dimension, place in places:
        if (dimension, place) not in names:
            names[dimension, place] = place_names(dimension, [place])[place]
    return (
        row.number,
        row.promise.code,
        row.promise.kind,
        row.promise.metric,
        *(names[place] for place in places),
        row.priority or "",
        row.direction,
        row.before.word,
        row.after.word,
        _utc(row.before.due_at),
        _utc(row.after.due_at),
        row.before.elapsed,
        row.after.elapsed,
    )


def _utc(at: int | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _line(name: str, tally: Tally) -> str:
    words = ", ".join(
        f"{word} {tally.before(word)} -> {tally.after(word)}" for word in WORDS if word != "none"
    )
    return (
        f"{name}: {words}; breaches gone {tally.breaches_gone}, new {tally.breaches_new}, moved {tally.moved}"
    )
