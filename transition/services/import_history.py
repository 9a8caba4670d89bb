"""Importing another system's history: page by page, resumable, and the same however often it is run."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError

from transition.engine import (
    Contract,
    Folded,
    HistoryMapping,
    ReadHistory,
    RecordRows,
    RejectsWriter,
    contract_fingerprint,
    contract_of,
    load_mapping,
    read_history,
)
from transition.engine.agreement import Agreement
from transition.models import Import
from transition.queries import find_import
from transition.services.set_up_contract import set_up_contract
from transition.services.write_page import Page, PageOutcome, write_page

PAGE = 500
PAGE_ROWS = 10_000
NAME_MAX = 80
READING, WRITING = "reading", "writing"
# Called with the phase, and what is done of how much: bytes while reading, records while writing.
Progress = Callable[[str, int, int], None]


class ImportNameError(Exception):
    """The name of the import cannot be one."""

    code = "import_name_invalid"


class ImportConflictError(Exception):
    """An import of this name was made with other calendars, targets or providers; its records are judged by them."""

    code = "import_conflict"


@dataclass(slots=True)
class ImportOutcome:
    """What a run did. Rows read = used + rejected. `agreement` is told by a dry run only; see `agreement_of`."""

    name: str
    resumed_after: int = 0
    rows_read: int = 0
    rows_used: int = 0
    rows_rejected: int = 0
    records_written: int = 0
    records_unchanged: int = 0
    records_refused: int = 0
    entries_written: int = 0
    agreement: Agreement | None = None


def import_history(
    *,
    mapping_path: Path,
    file: Path,
    rejects: Path,
    at: datetime,
    name: str = "",
    dry_run: bool = False,
    on_progress: Progress | None = None,
) -> ImportOutcome:
    """Import the history in `file` into the tenant in scope, as the mapping says, under `name`.

    `name` defaults to the mapping's. Every row is either used or written to `rejects` with its reason. Each page
    of up to 500 records is one transaction, so a run that was killed goes on where it ended when run again; a record
    that is here already and unchanged stays, one whose rows have changed since is refused as a whole. Warnings and
    breaches up to `at` (UTC) are history and are told to nobody. A dry run reads and measures, and writes nothing
    at all. Raises MappingError, TargetDefinitionError, HistoryFileError, ImportNameError, ImportConflictError.
    """
    mapping = load_mapping(path=mapping_path)
    name = name or mapping.name
    _check_name(name)
    progress = on_progress or (lambda _phase, _done, _total: None)
    outcome = ImportOutcome(name)
    known = find_import(name)
    contract = contract_fingerprint(mapping=mapping)
    if known is not None and known.targets and known.contract_sha256 != contract:
        raise ImportConflictError(
            f"The import {name!r} was made with other calendars, targets or providers. Use another name."
        )
    with read_history(
        path=file, mapping=mapping, on_progress=lambda done, total: progress(READING, done, total)
    ) as history:
        outcome.rows_read = history.rows_read
        if dry_run:
            _measure(history, contract_of(mapping=mapping), outcome, int(at.timestamp()), progress)
            return outcome
        source = _begin(known, name=name, at=at)
        source.mapping_sha256, source.contract_sha256 = _sha256(mapping_path), contract
        source.file_name, source.file_sha256 = file.name[:200], _sha256(file)
        outcome.resumed_after = source.last_ordinal
        source.save()
        try:
            _write(source, mapping, history, outcome, rejects=rejects, at=at, progress=progress)
        except BaseException:
            # Also when somebody presses Ctrl-C. A run that was killed stays `running`; both go on when run again.
            with suppress(DatabaseError):
                Import.objects.filter(pk=source.pk).update(state=Import.State.STOPPED)
            raise
    return outcome


def _begin(known: Import | None, *, name: str, at: datetime) -> Import:
    if known is None:
        return Import(name=name, started_at=at)
    known.state, known.finished_at = Import.State.RUNNING, None
    return known


def _write(
    source: Import,
    mapping: HistoryMapping,
    history: ReadHistory,
    outcome: ImportOutcome,
    *,
    rejects: Path,
    at: datetime,
    progress: Progress,
) -> None:
    set_up_contract(history=source, mapping=mapping)
    rejects.parent.mkdir(parents=True, exist_ok=True)
    draft = rejects.with_name(rejects.name + ".part")
    with draft.open("w", encoding="utf-8", newline="") as stream:
        kept_aside = RejectsWriter(stream=stream, columns=history.columns)
        kept_aside.write(history.faults())
        done = 0
        for page in _pages(history):
            result = write_page(source=source, mapping=mapping, page=page, at=at)
            _count(outcome, result)
            kept_aside.write(result.faults)
            done += len(page)
            progress(WRITING, done, history.record_count)
    draft.replace(rejects)
    outcome.rows_rejected = kept_aside.count
    Import.objects.filter(pk=source.pk).update(
        state=Import.State.DONE,
        finished_at=at,
        rows_read=outcome.rows_read,
        rows_used=outcome.rows_used,
        rows_rejected=outcome.rows_rejected,
    )


def _count(outcome: ImportOutcome, result: PageOutcome) -> None:
    outcome.rows_used += result.rows_used
    outcome.records_written += result.written
    outcome.records_unchanged += result.unchanged
    outcome.records_refused += result.refused
    outcome.entries_written += result.entries


def _measure(
    history: ReadHistory, contract: Contract, outcome: ImportOutcome, now: int, progress: Progress
) -> None:
    """Read all and judge it by the mapping alone, without a database."""
    agreement = Agreement()
    outcome.rows_rejected = sum(1 for _ in history.faults())
    for done, (_, folded) in enumerate(history.records_with_rows(), start=1):
        outcome.rows_used += folded.rows_used
        outcome.rows_rejected += len(folded.faults)
        if folded.record is not None:
            outcome.records_written += 1
            outcome.entries_written += len(folded.record.entries)
            agreement.add(
                contract.outcome(record=folded.record, now=now),
                counters_claimed=folded.record.counters_claimed,
                verdicts_claimed=folded.record.verdicts_claimed,
            )
        if done % PAGE == 0 or done == history.record_count:
            progress(WRITING, done, history.record_count)
    outcome.agreement = agreement


def _pages(history: ReadHistory) -> Iterator[Page]:
    page: list[tuple[RecordRows, Folded]] = []
    rows = 0
    for told in history.records_with_rows():
        page.append(told)
        rows += len(told[0].rows)
        if len(page) >= PAGE or rows >= PAGE_ROWS:
            yield page
            page, rows = [], 0
    if page:
        yield page


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > NAME_MAX or not name.isprintable():
        raise ImportNameError(
            f"{name!r} is no name for an import: use 1 to {NAME_MAX} characters that can be printed."
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
