"""Incidents as clients of the market write them: fields, from which our own steps follow."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from incidents.public import (
    Classification,
    Report,
    assign,
    cancel,
    classify,
    close,
    comment,
    detail_of,
    get_incident,
    note,
    pend,
    raise_incident,
    reopen,
    resolve,
    resume,
    start,
)
from lifecycle.public import RuleError
from market.engine.choices import CLOSE_CODES, HOLD_REASONS, INCIDENT_STATES, LEVELS, WAITS
from market.services.values import (
    category_code,
    chosen_value,
    given_text,
    group_code,
    handed_to,
    no_way,
    person_email,
    refuse,
    service_code,
)
from people.public import Actor
from records.models import Record

UNTITLED = "No short description"
_LIVE = ("1", "2", "3")


def create_incident(*, given: Mapping[str, Any], actor: Actor, at: datetime, key: UUID | None) -> Record:
    """Raise an incident with what a client sent, and take it to the state that was asked for.

    `key` is the client's own choice of one. Raises RuleError and ForbiddenError as our services do.
    """
    wrong: dict[str, str] = {}
    impact, urgency = (chosen_value(given, name, LEVELS, wrong) for name in ("impact", "urgency"))
    description = given_text(given, "description") or ""
    title = (given_text(given, "short_description") or "").strip() or description.strip().split("\n")[0]
    report = Report(
        title=title[:200] or UNTITLED,
        description=description,
        impact=int(impact) if impact else None,
        urgency=int(urgency) if urgency else None,
        service=service_code(given, wrong) or "",
        category=category_code(given) or "",
        requester=person_email(given, "caller_id", actor, wrong) or "",
        support_group=group_code(given, "assignment_group", wrong) or "",
        external_reference=(given_text(given, "correlation_id") or "")[:120],
    )
    asked = _asked_state(given, wrong)
    refuse(wrong)
    record = raise_incident(report=report, actor=actor, at=at, key=key)
    record = get_incident(actor, record.number)
    left = {name: value for name, value in given.items() if name not in ("assignment_group", *_CLASSIFIED)}
    return _write(record, left, asked, actor, at)


def update_incident(*, record: Record, given: Mapping[str, Any], actor: Actor, at: datetime) -> Record:
    """Bring an incident to what a client sent; what is so already is left alone.

    Raises IllegalStepError naming both states for a step that leads nowhere, RuleError and ForbiddenError.
    """
    wrong: dict[str, str] = {}
    asked = _asked_state(given, wrong)
    refuse(wrong)
    return _write(record, given, asked, actor, at)


def remove_incident(*, record: Record, actor: Actor, at: datetime) -> Record:
    """End an incident that a client deletes; an ended one stays as it is."""
    if record.state == "resolved":
        return close(record=record, actor=actor, at=at)
    if record.phase == "closed":
        return record
    return cancel(record=record, reason="Deleted through the market-compatible API.", actor=actor, at=at)


_CLASSIFIED = (
    "short_description",
    "description",
    "impact",
    "urgency",
    "category",
    "business_service",
    "cmdb_ci",
    "correlation_id",
)


def _asked_state(given: Mapping[str, Any], wrong: dict[str, str]) -> str | None:
    name = "state" if "state" in given else "incident_state"
    return chosen_value(given, name, INCIDENT_STATES, wrong)


def _write(record: Record, given: Mapping[str, Any], asked: str | None, actor: Actor, at: datetime) -> Record:
    now = INCIDENT_STATES.value(record.state)
    if now == "6" and asked in _LIVE:
        words = given_text(given, "comments") or "Reopened through the market-compatible API."
        record = reopen(record=record, comment=words, actor=actor, at=at)
        given = {name: value for name, value in given.items() if name != "comments"}
    record = _classified(record, given, actor, at)
    record = _assigned(record, given, actor, at)
    # A question to the caller is the comment itself.
    asks = asked == "3" and _hold_reason(given) == "1" and INCIDENT_STATES.value(record.state) != "3"
    if not asks and (said := given_text(given, "comments")):
        record = comment(record=record, body=said, actor=actor, at=at)
    if working := given_text(given, "work_notes"):
        record = note(record=record, body=working, actor=actor, at=at)
    return _moved(record, asked, given, actor, at) if asked else record


def _classified(record: Record, given: Mapping[str, Any], actor: Actor, at: datetime) -> Record:
    if not any(name in given for name in _CLASSIFIED):
        return record
    wrong: dict[str, str] = {}
    levels: dict[str, int | None] = {"impact": None, "urgency": None}
    for name in ("impact", "urgency"):
        value = chosen_value(given, name, LEVELS, wrong)
        # Two of our levels may be one of theirs: what reads the same is the same.
        if value and value != LEVELS.value(_level(record, name)):
            levels[name] = int(value)
    title = given_text(given, "short_description")
    to = Classification(
        title=(title.strip()[:200] or UNTITLED) if title is not None else None,
        description=given_text(given, "description"),
        service=service_code(given, wrong),
        category=category_code(given),
        external_reference=(given_text(given, "correlation_id") or "")[:120]
        if "correlation_id" in given
        else None,
        impact=levels["impact"],
        urgency=levels["urgency"],
    )
    refuse(wrong)
    if to == Classification() or _says_the_same(record, to):
        return record
    return classify(record=record, to=to, actor=actor, at=at)


def _says_the_same(record: Record, to: Classification) -> bool:
    """Asked before our service is, which refuses an ended incident also when nothing is to change."""
    held = {
        "title": record.title,
        "description": record.description,
        "service": record.service.code if record.service_id and record.service else "",
        "category": detail_of(record).category.code if detail_of(record).category_id else "",
        "external_reference": record.external_reference,
    }
    told = {name: getattr(to, name) for name in held}
    return not (to.impact or to.urgency) and all(value in (None, held[name]) for name, value in told.items())


def _level(record: Record, name: str) -> int:
    return int(getattr(detail_of(record), name))


def _assigned(record: Record, given: Mapping[str, Any], actor: Actor, at: datetime) -> Record:
    to = handed_to(record, given, actor)
    if to is None:
        return record
    return assign(record=record, support_group=to[0], assignee=to[1], actor=actor, at=at)


def _hold_reason(given: Mapping[str, Any]) -> str:
    return HOLD_REASONS.read(given_text(given, "hold_reason") or "") or ""


Move = Callable[[Record, Mapping[str, Any], Actor, datetime], Record]


def _start(record: Record, _: Mapping[str, Any], actor: Actor, at: datetime) -> Record:
    return start(record=record, actor=actor, at=at)


def _resume(record: Record, _: Mapping[str, Any], actor: Actor, at: datetime) -> Record:
    return resume(record=record, actor=actor, at=at)


def _hold(record: Record, given: Mapping[str, Any], actor: Actor, at: datetime) -> Record:
    reason = _hold_reason(given)
    words = given_text(given, "comments") or ""
    if reason == "1" and not words.strip():
        raise RuleError(
            "On hold for the caller needs something to ask.",
            fields={"comments": "Send the question to the caller as comments."},
        )
    said = HOLD_REASONS.label(reason) if reason else "On hold"
    return pend(
        record=record,
        waiting_for=WAITS[reason],
        comment=words if reason == "1" else "",
        reason="" if reason == "1" else said,
        actor=actor,
        at=at,
    )


def _resolve(record: Record, given: Mapping[str, Any], actor: Actor, at: datetime) -> Record:
    code, notes = given_text(given, "close_code") or "", given_text(given, "close_notes") or ""
    missing = [name for name, value in (("close_code", code), ("close_notes", notes)) if not value.strip()]
    if missing:
        now = INCIDENT_STATES.label(INCIDENT_STATES.value(record.state))
        raise RuleError(
            f"From {now} to Resolved or Closed needs {' and '.join(missing)}.",
            fields=dict.fromkeys(missing, "This is mandatory."),
        )
    theirs = CLOSE_CODES.read(code)
    ours = CLOSE_CODES.ours(theirs)[0] if theirs else "other"
    text = notes if theirs else f"{code}: {notes}"
    return resolve(record=record, resolution_code=ours, resolution=text, actor=actor, at=at)


def _close(record: Record, _: Mapping[str, Any], actor: Actor, at: datetime) -> Record:
    return close(record=record, actor=actor, at=at)


def _resolve_and_close(record: Record, given: Mapping[str, Any], actor: Actor, at: datetime) -> Record:
    return close(record=_resolve(record, given, actor, at), actor=actor, at=at)


def _cancel(record: Record, given: Mapping[str, Any], actor: Actor, at: datetime) -> Record:
    words = (
        given_text(given, "close_notes") or given_text(given, "work_notes") or given_text(given, "comments")
    )
    reason = (words or "Cancelled through the market-compatible API.")[:500]
    return cancel(record=record, reason=reason, actor=actor, at=at)


# From their state to their state. A reopened incident was brought to a live one already.
_MOVES: dict[tuple[str, str], Move] = {
    ("1", "2"): _start,
    ("1", "3"): _hold,
    ("2", "3"): _hold,
    ("3", "2"): _resume,
    ("6", "7"): _close,
} | {
    (now, asked): move
    for now in _LIVE
    for asked, move in (("6", _resolve), ("7", _resolve_and_close), ("8", _cancel))
}


def _moved(record: Record, asked: str, given: Mapping[str, Any], actor: Actor, at: datetime) -> Record:
    now = INCIDENT_STATES.value(record.state)
    if now == asked:
        return record
    move = _MOVES.get((now, asked))
    if move is None:
        raise no_way(INCIDENT_STATES, now, asked)
    return move(record, given, actor, at)
