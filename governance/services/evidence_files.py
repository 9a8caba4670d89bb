"""Files that show that a check is met: checked by content, kept in quarantine until scanned."""

from collections.abc import Collection, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import PurePath
from typing import IO
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext

from governance.models import Evidence, EvidenceFile
from lifecycle.public import RuleError
from outbox.public import Delivered, publish
from people.public import Actor
from records.public import GivenFile, is_clean, read_file, stored

FILES_MAX = 10
# A file as it comes in: its name, and its content.
Given = tuple[str, IO[bytes]]


def read_files(files: Sequence[Given]) -> list[GivenFile]:
    """The files as they are kept. Raises RuleError (field `files`) that names each one which is not what it says."""
    read, wrong = list[GivenFile](), list[str]()
    for name, content in files:
        try:
            read.append(read_file(name=name, content=content))
        except RuleError as refused:
            wrong.append(f"{PurePath(name).name}: {refused.fields.get('file', refused.message)}")
    if wrong:
        raise RuleError(gettext("The files were not accepted."), fields={"files": " ".join(wrong)})
    return read


def change_files(
    evidence: Evidence,
    new: Sequence[GivenFile],
    without: Collection[UUID],
    *,
    actor: Actor,
    at: datetime,
    until_written: ExitStack,
) -> None:
    """Add files to evidence that is locked, and take others off it, at `at` (UTC).

    What is stored goes again if `until_written`, which surrounds the transaction, ends in an error. Raises RuleError
    for too many.
    """
    gone = list(EvidenceFile.objects.filter(evidence=evidence, pk__in=list(without)))
    kept = EvidenceFile.objects.filter(evidence=evidence).count() - len(gone)
    if kept + len(new) > FILES_MAX:
        words = gettext("Keep %(most)s files at most.") % {"most": FILES_MAX}
        raise RuleError(gettext("Too many files."), fields={"files": words})
    for row in gone:
        row.delete()
        transaction.on_commit(partial(default_storage.delete, row.path))
    for file in new:
        row = EvidenceFile.objects.create(
            evidence=evidence,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
            path=until_written.enter_context(stored(file, folder=f"{actor.tenant_id}/evidence")),
            added_by_name=actor.name,
            added_at=at,
        )
        publish(kind="evidence.added", record_id=None, at=at, payload={"file": str(row.pk)})


def scan_evidence(message: Delivered) -> None:
    """Outbox handler: scan one quarantined file and let it out, or bar it for good. Harmless to run twice."""
    waiting = EvidenceFile.objects.filter(pk=message.payload["file"], status=EvidenceFile.Status.QUARANTINED)
    row = waiting.first()
    if row is not None:
        status = EvidenceFile.Status.CLEAN if is_clean(row.path) else EvidenceFile.Status.INFECTED
        waiting.update(status=status)
