"""Requested items and catalogue tasks as clients of the market write them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from market.engine.choices import REQUEST_STATES, TASK_STATES
from market.services.values import chosen_value, given_text, handed_to, no_way, refuse
from people.public import Actor
from records.models import Record
from requests_app.public import cancel, close, comment, note, task_steps


def update_item(*, record: Record, given: Mapping[str, Any], actor: Actor, at: datetime) -> Record:
    """Say something on a request, take it back (7 or 4), or close a fulfilled one (3)."""
    wrong: dict[str, str] = {}
    asked = chosen_value(given, "state", REQUEST_STATES, wrong)
    refuse(wrong)
    words = given_text(given, "comments") or ""
    if words:
        record = comment(record=record, body=words, actor=actor, at=at)
    if working := given_text(given, "work_notes"):
        record = note(record=record, body=working, actor=actor, at=at)
    now = REQUEST_STATES.value(record.state)
    if asked in (None, now) and not (asked == "3" and record.state == "fulfilled"):
        return record
    if asked == "3" and record.state == "fulfilled":
        return close(record=record, actor=actor, at=at)
    if asked in ("4", "7") and record.phase != "closed":
        return cancel(record=record, reason=words or "Cancelled by a client.", actor=actor, at=at)
    raise no_way(REQUEST_STATES, now, asked or "")


def update_task(*, record: Record, given: Mapping[str, Any], actor: Actor, at: datetime) -> Record:
    """Hand a fulfilment task on, say something, or begin (2), complete (3), fail (4) or skip (7) it."""
    wrong: dict[str, str] = {}
    asked = chosen_value(given, "state", TASK_STATES, wrong)
    refuse(wrong)
    to = handed_to(record, given, actor)
    if to is not None:
        record = task_steps.assign(record=record, support_group=to[0], assignee=to[1], actor=actor, at=at)
    words = given_text(given, "comments") or ""
    if words:
        record = task_steps.comment(record=record, body=words, actor=actor, at=at)
    working = given_text(given, "work_notes") or ""
    if working:
        record = task_steps.note(record=record, body=working, actor=actor, at=at)
    return _moved(record, asked, working or words, actor, at)


def _moved(record: Record, asked: str | None, words: str, actor: Actor, at: datetime) -> Record:
    now = TASK_STATES.value(record.state)
    if asked is None or asked == now:
        return record
    reason = (words or given_reason(asked))[:500]
    if (now, asked) == ("1", "2"):
        return task_steps.start(record=record, actor=actor, at=at)
    if asked == "3" and now in ("1", "2"):
        return task_steps.complete(record=record, actor=actor, at=at)
    if asked == "4" and now in ("1", "2"):
        return task_steps.fail(record=record, reason=reason, actor=actor, at=at)
    if (now, asked) == ("4", "1"):
        return task_steps.retry(record=record, actor=actor, at=at)
    if asked == "7" and now in ("-5", "1", "2", "4"):
        return task_steps.skip(record=record, reason=reason, actor=actor, at=at)
    raise no_way(TASK_STATES, now, asked)


def given_reason(asked: str) -> str:
    """What is noted as the reason of a step for which a client gave none."""
    return f"Set to {TASK_STATES.label(asked)} by a client."
