"""Trying a draft on history, in the background: page by page, called off at any page, and counted only when whole."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from lifecycle.public import DomainError
from sla.engine.notation import NotationError
from sla.models import DraftChange, DraftRun
from sla.services.book import Definitions, definitions
from sla.services.drafts import selection_for, text_of
from sla.services.fingerprint import fingerprint
from sla.services.notation import read_document
from sla.services.what_if import ChangedVerdict, WhatIf, what_if
from tenancy.engine.bulk import insert_in_bulk
from tenancy.engine.words import word
from tenancy.public import definitions_version

ReadTime = Callable[[], datetime]


class CalledOffError(Exception):
    """The run was cancelled, or another worker took it up."""

    code = "what_if_called_off"


def run_draft(*, run_id: UUID, read_time: ReadTime) -> str:
    """Try a draft as its run asks; returns the run's state. Harmless to call again: the last caller counts.

    A run that was done, cancelled or that failed is left alone. One that a killed worker left half-way begins anew.
    `read_time` tells the time (UTC), asked for each page.
    """
    run = _take_up(run_id, read_time())
    if run is None:
        return DraftRun.objects.get(pk=run_id).state
    try:
        whole = _prepared(run, read_time())
        for count, changed in whole.pages():
            _write_page(run, count, changed, read_time())
        _finish(run, whole, read_time())
    except CalledOffError:
        DraftChange.objects.filter(run=run, attempt=run.attempt).delete()
    except BaseException as error:
        _fail(run, error, read_time())
        if not isinstance(error, (DomainError, NotationError)):
            raise
    return DraftRun.objects.get(pk=run_id).state


def _take_up(run_id: UUID, at: datetime) -> DraftRun | None:
    """The run, now this worker's; None when there is nothing to do for it."""
    with transaction.atomic():
        taken = DraftRun.objects.filter(pk=run_id, state__in=("queued", "running")).update(
            state="running", attempt=F("attempt") + 1, beat_at=at, done=0
        )
        if not taken:
            return None
        run = DraftRun.objects.select_related("draft").get(pk=run_id)
        # What a worker that was killed had written.
        DraftChange.objects.filter(run=run).exclude(attempt=run.attempt).delete()
        return run


def _prepared(run: DraftRun, at: datetime) -> WhatIf:
    version, known, mark = _definitions()
    whole = what_if(
        read_document(run.document), at=at, selection=selection_for(text_of(run.draft)), held=known
    )
    _get_on(run, at, definitions_version=version, fingerprint=mark, total=whole.total)
    return whole


def _definitions() -> tuple[int, Definitions, str]:
    """The definitions in force with their version and fingerprint, all of one moment."""
    while True:
        version = definitions_version()
        known, mark = definitions(), fingerprint()
        if definitions_version() == version:
            return version, known, mark


def _write_page(run: DraftRun, count: int, changed: Iterable[ChangedVerdict], at: datetime) -> None:
    with transaction.atomic():
        _get_on(run, at, done=F("done") + count)
        insert_in_bulk([_row(run, each) for each in changed])


def _get_on(run: DraftRun, at: datetime, **columns: Any) -> None:
    """Note how far it is. Raises CalledOffError where the run is not this worker's any more."""
    mine = DraftRun.objects.filter(pk=run.pk, state="running", attempt=run.attempt)
    if not mine.update(beat_at=at, **columns):
        raise CalledOffError


def _finish(run: DraftRun, whole: WhatIf, at: datetime) -> None:
    """Let the result count, and what earlier runs came to no longer: all at once."""
    with transaction.atomic():
        _get_on(run, at, state="finished", finished_at=at, tallies=whole.tallies.plain())
        DraftChange.objects.filter(run__draft=run.draft).exclude(run=run).delete()
        DraftRun.objects.filter(draft=run.draft).exclude(pk=run.pk).delete()


def _fail(run: DraftRun, error: BaseException, at: datetime) -> None:
    known = isinstance(error, (DomainError, NotationError))
    reason = (
        str(error) if known else word("It broke off: those who run the platform find the reason in its log.")
    )
    with transaction.atomic():
        DraftChange.objects.filter(run=run, attempt=run.attempt).delete()
        DraftRun.objects.filter(pk=run.pk, state="running", attempt=run.attempt).update(
            state="failed", reason=reason, finished_at=at
        )


def _row(run: DraftRun, each: ChangedVerdict) -> DraftChange:
    return DraftChange(
        run=run,
        attempt=run.attempt,
        record_id=each.record_id,
        kind=each.promise.kind,
        metric=each.promise.metric,
        code=each.promise.code,
        party=_key(each.promise.party),
        service=_key(each.service),
        provider=_key(each.provider),
        priority=each.priority,
        direction=each.direction,
        before=each.before.word,
        after=each.after.word,
        due_before=_instant(each.before.due_at),
        due_after=_instant(each.after.due_at),
    )


def _key(text: Any) -> UUID | None:
    return UUID(str(text)) if text else None


def _instant(at: int | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)
