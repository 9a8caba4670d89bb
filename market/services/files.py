"""Files that clients attach and delete."""

from datetime import datetime
from typing import IO

from market.models import Withdrawn
from people.public import Actor
from records.models import Attachment, Record
from records.public import attach_file, require, scan_now


def attach(*, record: Record, name: str, content: IO[bytes], actor: Actor, at: datetime) -> Attachment:
    """Keep a file on a record and have it scanned at once, as clients read back what they sent.

    Where the scanner does not answer it stays in quarantine until it does. Raises RuleError for a file that is not
    accepted, ForbiddenError.
    """
    require(actor, f"{record.kind}:attach")
    attachment = attach_file(record=record, name=name, content=content, actor=actor, at=at)
    return scan_now(attachment=attachment)


def withdraw_file(*, attachment: Attachment, actor: Actor, at: datetime) -> None:
    """Show a file to no client any more. It stays on the record, for the audit."""
    require(actor, f"{attachment.record.kind}:attach")
    Withdrawn.objects.create(
        record_id=attachment.record_id, attachment=attachment, withdrawn_at=at, by_name=actor.name
    )
