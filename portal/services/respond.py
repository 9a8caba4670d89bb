"""What a requester does with their own report or request: reply, add files, decide, let others follow."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.utils.translation import gettext

from incidents import public as incidents
from lifecycle.public import RuleError, StaleVersionError
from people.public import Actor, find_member, get_member
from portal.lifecycle import NEWS
from portal.policy import require_own
from portal.queries.record import own_record
from records.models import Record
from records.public import attach_file, require, stop_watching, watch
from requests_app import public as requests

# Each process has the same steps of a requester, under the same names.
_PROCESSES: dict[str, Any] = {"incident": incidents, "request": requests}
# As many changes as a stale-version error tells of.
_TOLD_MAX = 20


def reply(*, number: str, body: str, actor: Actor, at: datetime, seen_version: int) -> Record:
    """Say something to those who work on the report.

    Raises StaleVersionError when something was said or decided meanwhile that the requester should see first;
    what only those who work on it did is neither told nor in the way. RuleError for an empty or over-long text.
    """
    return _act("comment", number, actor, at, seen_version, {"body": body})


def confirm_fix(*, number: str, actor: Actor, at: datetime, seen_version: int) -> Record:
    """Say that it is fixed: the report is closed. Raises what `reply` raises, and IllegalStepError."""
    return _act("confirm", number, actor, at, seen_version, {}, is_decision=True)


def reopen_report(*, number: str, body: str, actor: Actor, at: datetime, seen_version: int) -> Record:
    """Say that it is not fixed, and what is still wrong. Raises what `reply` raises, and IllegalStepError."""
    return _act("reopen", number, actor, at, seen_version, {"comment": body}, is_decision=True)


def cancel_report(*, number: str, reason: str, actor: Actor, at: datetime, seen_version: int) -> Record:
    """End a report that is no longer wanted. Raises what `reply` raises, and IllegalStepError."""
    return _act("cancel", number, actor, at, seen_version, {"reason": reason}, is_decision=True)


def add_files(*, number: str, files: Sequence[tuple[str, BinaryIO]], actor: Actor, at: datetime) -> list[str]:
    """Put files (name, content) on a report; returns what was refused, in words, one line a file.

    Raises RuleError when the report is closed.
    """
    record = own_record(actor, number)
    require(actor, f"{record.kind}:attach")
    if record.phase == "closed":
        raise RuleError(gettext("It is closed."), fields={"files": gettext("This is closed")})
    refused = []
    for name, content in files:
        try:
            attach_file(record=own_record(actor, number), name=name, content=content, actor=actor, at=at)
        except RuleError as error:
            refused.append(f"{name}: {error.fields.get('file', error.message)}")
    return refused


def add_watcher(*, number: str, email: str, actor: Actor, at: datetime) -> Record:
    """Let a colleague see the report and hear of it.

    Raises RuleError (field `email`) for an address that nobody here has, ForbiddenError for anyone but the requester
    and the affected user.
    """
    record = own_record(actor, number)
    require(actor, f"{record.kind}:watch")
    require_own(actor, record)
    member = find_member(email)
    if member is None:
        nobody = gettext("Nobody here has this email address. Check it, or ask them for it")
        raise RuleError(gettext("There is no such person."), fields={"email": nobody})
    return watch(record=record, membership_id=member.pk, actor=actor, at=at)


def remove_watcher(*, number: str, membership_id: UUID, actor: Actor, at: datetime) -> Record:
    """End a watching: one's own, or, as requester or affected user, a colleague's."""
    record = own_record(actor, number)
    if membership_id != actor.membership_id:
        require(actor, f"{record.kind}:watch")
        require_own(actor, record)
    if get_member(membership_id) is None:
        return record
    return stop_watching(record=record, membership_id=membership_id, actor=actor, at=at)


def _act(
    name: str,
    number: str,
    actor: Actor,
    at: datetime,
    seen_version: int,
    given: dict[str, Any],
    *,
    is_decision: bool = False,
) -> Record:
    record = own_record(actor, number)
    step: Callable[..., Record] = getattr(_PROCESSES[record.kind], name)
    if is_decision:
        require_own(actor, record)
    try:
        return step(record=record, actor=actor, at=at, seen_version=seen_version, **given)
    except StaleVersionError as stale:
        if len(stale.changes) >= _TOLD_MAX or any(change["verb"] in NEWS for change in stale.changes):
            raise
    return step(record=own_record(actor, number), actor=actor, at=at, **given)
