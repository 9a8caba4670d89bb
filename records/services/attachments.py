"""Files on records: checked by content, kept in quarantine until scanned."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import IO, Protocol
from uuid import UUID

import puremagic
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext

from lifecycle.public import RuleError
from outbox.public import Delivered, publish
from people.public import Actor
from records.engine.scanning import ScannerError, scan
from records.models import Attachment, Record
from records.services.step import Step, take_step

# What an extension may hold, and the content type it is served as. Everything is served as a download.
ALLOWED = {
    ".txt": "text/plain",
    ".log": "text/plain",
    ".csv": "text/csv",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".eml": "message/rfc822",
    ".msg": "application/vnd.ms-outlook",
    ".zip": "application/zip",
    ".json": "application/json",
}
_TEXT = {".txt", ".log", ".csv", ".json", ".eml"}
_JPEG = {".jpg", ".jpeg", ".jfif"}
_ZIPPED = {".docx", ".xlsx", ".pptx", ".odt", ".ods", ".zip"}


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that somebody gave, its content agreeing with its name."""

    name: str
    content_type: str
    body: bytes

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.body)

    @property
    def sha256(self) -> str:
        """The digest of its content."""
        return hashlib.sha256(self.body).hexdigest()


def read_file(*, name: str, content: IO[bytes]) -> GivenFile:
    """A file as it is kept: no path in its name, and what its extension says.

    Raises RuleError (field `file`) for an empty, oversize, disallowed or disguised one.
    """
    limit = settings.ATTACHMENT_MAX_BYTES
    body = content.read(limit + 1)
    clean_name = PurePath(name.replace("\\", "/")).name.strip()[:200] or "file"
    return GivenFile(clean_name, checked_type(name=clean_name, body=body, limit=limit), body)


class StoredFile(Protocol):
    """A file in the store that was checked already."""

    id: UUID
    name: str
    content_type: str
    size: int
    sha256: str
    path: str


def attach_file(
    *, record: Record, name: str, content: IO[bytes], actor: Actor, at: datetime, is_internal: bool = False
) -> Attachment:
    """Keep a file on a record, quarantined until scanned.

    Raises RuleError (field `file`) for an empty, oversize, disallowed or disguised file; nothing is kept then.
    """
    file = read_file(name=name, content=content)
    with stored(file, folder=f"{record.tenant_id}/{secrets.token_hex(2)}") as path, transaction.atomic():
        attachment = Attachment.objects.create(
            record=record,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
            path=path,
            is_internal=is_internal,
            added_by_name=actor.name,
            added_at=at,
        )
        step = Step(verb=f"{record.kind}:attach", facts={"attachment": [None, file.name]})
        take_step(record=record, step=step, actor=actor, at=at)
        scan_later(attachment=attachment, at=at)
    return attachment


def stored_attachment(file: StoredFile, *, actor: Actor, at: datetime) -> Attachment:
    """A file that was checked and stored before its record was opened, as one of the record's details.

    Its key stays. Tell `scan_later` of it in the same transaction.
    """
    return Attachment(
        id=file.id,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
        path=file.path,
        added_by_name=actor.name,
        added_at=at,
    )


def scan_later(*, attachment: Attachment, at: datetime) -> None:
    """Have a file scanned that is in quarantine; in the transaction that wrote it."""
    publish(
        kind="attachment.added",
        record_id=attachment.record_id,
        at=at,
        payload={"attachment": str(attachment.pk)},
    )


@contextmanager
def stored(file: GivenFile, *, folder: str) -> Iterator[str]:
    """Where a file is kept from now on; it is taken away again when what was to refer to it is not written."""
    path = default_storage.save(f"{folder}/{secrets.token_urlsafe(24)}", ContentFile(file.body))
    try:
        yield path
    except BaseException:
        default_storage.delete(path)
        raise


def checked_type(*, name: str, body: bytes, limit: int) -> str:
    """The content type of a file whose extension is allowed and whose bytes agree with it. Raises RuleError."""
    extension = PurePath(name).suffix.lower()
    if not body:
        raise _refuse(gettext("The file is empty."))
    if len(body) > limit:
        raise _refuse(gettext("The file is larger than %(limit)s MB.") % {"limit": limit // (1024 * 1024)})
    if extension not in ALLOWED:
        raise _refuse(
            gettext("Files of this type are not accepted. Use %(allowed)s.")
            % {"allowed": ", ".join(sorted(ALLOWED))}
        )
    if extension in _TEXT:
        agrees = b"\x00" not in body[:8192] and not body.lstrip()[:5].lower().startswith(
            (b"%pdf-", b"<html", b"<?php")
        )
    elif extension in _ZIPPED:
        agrees = body.startswith(b"PK\x03\x04")
    elif extension == ".msg":
        agrees = body.startswith(b"\xd0\xcf\x11\xe0")
    else:
        agrees = bool(_extensions_seen(body) & (_JPEG if extension in _JPEG else {extension}))
    if not agrees:
        raise _refuse(gettext("The content is not that of a %(extension)s file.") % {"extension": extension})
    return ALLOWED[extension]


def _extensions_seen(body: bytes) -> set[str]:
    try:
        return {match.extension.lower() for match in puremagic.magic_string(body[:65_536])}
    except (puremagic.PureError, ValueError):
        return set()


def _refuse(reason: str) -> RuleError:
    return RuleError(gettext("The file was not accepted."), fields={"file": reason})


def scan_on_message(message: Delivered) -> None:
    """Outbox handler: scan one quarantined file and let it out, or bar it for good."""
    attachment = Attachment.objects.filter(pk=message.payload["attachment"]).first()
    if attachment is None or attachment.status != Attachment.Status.QUARANTINED:
        return
    status = Attachment.Status.CLEAN if is_clean(attachment.path) else Attachment.Status.INFECTED
    waiting = Attachment.objects.filter(pk=attachment.pk, status=Attachment.Status.QUARANTINED)
    waiting.update(status=status)


def scan_now(*, attachment: Attachment) -> Attachment:
    """Scan a quarantined file while its giver waits; one that gets no verdict is scanned later, as any other."""
    try:
        clean = is_clean(attachment.path)
    except ScannerError:
        return attachment
    attachment.status = Attachment.Status.CLEAN if clean else Attachment.Status.INFECTED
    waiting = Attachment.objects.filter(pk=attachment.pk, status=Attachment.Status.QUARANTINED)
    waiting.update(status=attachment.status)
    return attachment


def is_clean(path: str) -> bool:
    """Whether the scanner finds nothing in a stored file. Raises ScannerError when no verdict comes."""
    with default_storage.open(path) as content:
        return scan(content).is_clean
