"""Comments and work notes."""

from datetime import datetime

from django.utils.translation import gettext

from lifecycle.public import ForbiddenError, RuleError
from people.public import Actor
from records.models import Record
from records.policy import may_read_working_side
from records.services.step import Step, take_step

BODY_MAX = 20_000


def checked_body(body: str, *, field: str = "body") -> str:
    """The text without surrounding space. Raises RuleError when empty or over 20,000 characters."""
    text = body.strip()
    if not text:
        raise RuleError(gettext("There is no text."), fields={field: gettext("Enter some text.")})
    if len(text) > BODY_MAX:
        raise RuleError(
            gettext("The text is too long."),
            fields={field: gettext("Use %(count)s characters or fewer.") % {"count": f"{BODY_MAX:,}"}},
        )
    return text


def add_comment(
    *, record: Record, body: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> Record:
    """Say something that the requester sees. Raises RuleError for an empty or over-long text."""
    step = Step(verb=f"{record.kind}:comment", comment=checked_body(body), message="commented")
    return take_step(record=record, step=step, actor=actor, at=at, seen_version=seen_version)


def add_work_note(
    *, record: Record, body: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> Record:
    """Say something to those who work the record. Raises ForbiddenError for anyone else, RuleError for a bad text."""
    if not may_read_working_side(actor):
        raise ForbiddenError(
            gettext("Work notes are for those who work the record."), permission=f"{record.kind}:note"
        )
    step = Step(verb=f"{record.kind}:note", work_note=checked_body(body), message="noted")
    return take_step(record=record, step=step, actor=actor, at=at, seen_version=seen_version)
