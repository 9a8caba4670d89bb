"""What the people of a request do with it: say something, take it back, accept it or not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from lifecycle.public import ForbiddenError, RuleError, is_own
from people.public import Actor
from records.models import Record
from records.public import Step, add_work_note, checked_body, fact, require, require_seen, take_step
from requests_app.lifecycle import REQUEST


def comment(
    *, record: Record, body: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> Record:
    """Say something that the requester sees. Words of whose request it is reopen a fulfilled one.

    Raises RuleError for an empty or over-long text and on a closed request; StaleVersionError when the actor saw
    another version.
    """
    require(actor, "request:comment")
    text = checked_body(body)
    if record.phase == "closed":
        # Who saw it open is told first that it changed, and what changed.
        require_seen(record=record, seen_version=seen_version)
        raise RuleError(gettext("The request is closed. Make a new one and refer to this number."))
    if record.state == "fulfilled" and is_own(actor, record):
        return reopen(record=record, comment=text, actor=actor, at=at, seen_version=seen_version)
    step = Step(verb="request:comment", comment=text, message="commented")
    return take_step(record=record, step=step, actor=actor, at=at, seen_version=seen_version)


def note(*, record: Record, body: str, actor: Actor, at: datetime, seen_version: int | None = None) -> Record:
    """Tell those who work the request something."""
    require(actor, "request:note")
    return add_work_note(record=record, body=body, actor=actor, at=at, seen_version=seen_version)


def reopen(
    *, record: Record, comment: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> Record:
    """What was delivered is not what was asked for: its fulfilment clock runs on."""
    step = REQUEST.check(record, actor, "reopen", {"comment": comment})
    changes = {"state": step.target}
    return _step(record, "reopen", changes, actor, at, seen_version, comment=comment, message="reopened")


def confirm(*, record: Record, actor: Actor, at: datetime, seen_version: int | None = None) -> Record:
    """Whose request it is has what was asked for: closed."""
    step = REQUEST.check(record, actor, "confirm", {})
    if not is_own(actor, record):
        raise ForbiddenError(
            gettext("Only the person who asked for this, or for whom it is, can do that."),
            permission="request:confirm",
        )
    return _step(record, "confirm", {"state": step.target}, actor, at, seen_version, message="closed")


def close(*, record: Record, actor: Actor, at: datetime, seen_version: int | None = None) -> Record:
    """Close a fulfilled request, by hand or by the timer."""
    step = REQUEST.check(record, actor, "close", {})
    return _step(record, "close", {"state": step.target}, actor, at, seen_version, message="closed")


def cancel(
    *, record: Record, reason: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> Record:
    """Take a request back: nobody approves or fulfils it any more."""
    step = REQUEST.check(record, actor, "cancel", {"reason": reason})
    return _step(
        record,
        "cancel",
        {"state": step.target},
        actor,
        at,
        seen_version,
        facts={"reason": fact(None, reason)},
        message="cancelled",
    )


def _step(
    record: Record,
    name: str,
    changes: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    seen_version: int | None,
    *,
    comment: str = "",
    facts: Mapping[str, Any] | None = None,
    message: str = "changed",
) -> Record:
    step = Step(verb=f"request:{name}", changes=changes, comment=comment, facts=facts or {}, message=message)
    return take_step(record=record, step=step, actor=actor, at=at, seen_version=seen_version)
