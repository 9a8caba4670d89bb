"""One page of a history, written in one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DataError, IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from records.public import History, write_histories
from sla.public import project_histories
from tenancy.engine.bulk import insert_in_bulk
from transition.engine import Folded, HistoricRecord, HistoryMapping, RecordRows, RowFault, refused
from transition.models import Import, ImportedRecord
from transition.services.build_history import KIND, HistoryBuilder
from transition.services.directory import Directory

Page = Sequence[tuple[RecordRows, Folded]]

REFERENCE_MAX = 120
CHANGED = "the record was imported before and its rows have changed since; what is here is left as it is"


@dataclass(slots=True)
class PageOutcome:
    """What came of a page; `rows_used` and the number of faults add up to its rows."""

    rows_used: int = 0
    written: int = 0
    unchanged: int = 0
    refused: int = 0
    entries: int = 0
    faults: list[RowFault] = field(default_factory=list)

    def add(self, other: "PageOutcome") -> None:
        """Count another page's outcome too."""
        self.rows_used += other.rows_used
        self.written += other.written
        self.unchanged += other.unchanged
        self.refused += other.refused
        self.entries += other.entries
        self.faults += other.faults


def write_page(*, source: Import, mapping: HistoryMapping, page: Page, at: datetime) -> PageOutcome:
    """Write what is new of a page, in one transaction of all or nothing.

    Where the database refuses the page, its halves are written one after the other, down to the record that cannot
    be kept: that one is set aside, and costs no other.
    """
    try:
        return _write(source, mapping, page, at)
    except (DataError, IntegrityError, ValueError) as error:
        if len(page) > 1:
            middle = len(page) // 2
            outcome = write_page(source=source, mapping=mapping, page=page[:middle], at=at)
            outcome.add(write_page(source=source, mapping=mapping, page=page[middle:], at=at))
            return outcome
        rows, folded = page[0]
        reason = f"the record cannot be kept: {str(error).strip().splitlines()[0]}"
        aside = refused(rows, folded, reason=reason, code="record_unwritable")
        return PageOutcome(refused=1, faults=list(aside.faults))


def _write(source: Import, mapping: HistoryMapping, page: Page, at: datetime) -> PageOutcome:
    outcome = PageOutcome()
    with transaction.atomic():
        # Two runs of one import take turns, and the later one finds what the earlier one wrote.
        Import.objects.select_for_update().get(pk=source.pk)
        fresh = list(_fresh(source, page, outcome))
        directory = Directory(mapping)
        directory.meet(_names(record for _, record in fresh))
        builder = HistoryBuilder(origin=source.name, directory=directory)
        histories = [(folded, record, builder.build(record)) for folded, record in fresh]
        write_histories(kind=KIND, histories=[history for _, _, history in histories], at=at)
        project_histories(
            histories=[(history.record, history.entries) for _, _, history in histories], told_at=at
        )
        insert_in_bulk(_notes(source, histories))
        outcome.written = len(histories)
        outcome.entries = sum(len(history.entries) for _, _, history in histories)
        if histories:
            Import.objects.filter(pk=source.pk).update(
                records=F("records") + len(histories),
                last_ordinal=Greatest(F("last_ordinal"), histories[-1][0].ordinal),
            )
    return outcome


def _fresh(source: Import, page: Page, outcome: PageOutcome) -> Iterator[tuple[Folded, HistoricRecord]]:
    """The records of a page that are not here yet; the others are counted on the way."""
    references = [folded.external_reference for _, folded in page]
    here: dict[str, str] = dict(
        ImportedRecord.objects.filter(source=source, external_reference__in=references).values_list(
            "external_reference", "fingerprint"
        )
    )
    for rows, folded in page:
        record = folded.record
        told = folded
        if record is not None and len(record.external_reference) > REFERENCE_MAX:
            reason = f"the key has more than {REFERENCE_MAX} characters"
            told = refused(rows, folded, reason=reason, code="key_too_long")
        elif (
            record is not None
            and here.get(record.external_reference, record.fingerprint) != record.fingerprint
        ):
            told = refused(rows, folded, reason=CHANGED, code="record_changed")
        outcome.faults += told.faults
        outcome.rows_used += told.rows_used
        if told.record is None:
            outcome.refused += record is not None
        elif told.record.external_reference in here:
            outcome.unchanged += 1
        else:
            yield told, told.record


def _names(records: Iterator[HistoricRecord]) -> Iterator[str]:
    for record in records:
        yield record.requester
        for entry in record.entries:
            yield entry.actor
            yield str(entry.facts.get("assignee") or "")


def _notes(
    source: Import, histories: Sequence[tuple[Folded, HistoricRecord, History]]
) -> list[ImportedRecord]:
    return [
        ImportedRecord(
            source_id=source.pk,
            record_id=history.record.pk,
            external_reference=record.external_reference,
            ordinal=folded.ordinal,
            fingerprint=record.fingerprint,
            claimed={
                "counters": dict(record.counters_claimed),
                "verdicts": dict(record.verdicts_claimed),
            },
        )
        for folded, record, history in histories
    ]
