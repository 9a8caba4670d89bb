"""From a complete draft to an incident: once, however often it is sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext

from incidents.public import Report, get_incident, raise_incident
from lifecycle.public import RuleError, StaleVersionError
from people.public import Actor
from portal.engine.journey import CHECK, first_missing
from portal.engine.severity import levels_of
from portal.models import Draft, DraftFile
from portal.services.drafts import UNKNOWN_SERVICE, discard_files, lock_draft
from records.public import attach_file, watch

_TRIES = 3


def send_report(*, draft_id: UUID, actor: Actor, at: datetime) -> str:
    """Raise the incident that the draft describes, with its files; returns the incident's number.

    The draft is consumed in the transaction of the incident: sending it again gives the same number, and puts on the
    files that a broken first try left behind. Raises NotFoundError for a draft of somebody else, RuleError for an
    incomplete one or for answers that are no longer right, ForbiddenError without `incident:raise`.
    """
    with transaction.atomic():
        draft = lock_draft(draft_id=draft_id, actor=actor, may_be_sent=True)
        if not draft.number:
            draft.number = _raise(draft.answers, actor, at)
            draft.answers = {}
            draft.save(update_fields=["number", "answers"])
    # In a transaction of its own: the one above holds the tenant's counter, and copying files takes its time.
    _attach_files(draft, actor, at)
    return draft.number


def _raise(answers: dict[str, Any], actor: Actor, at: datetime) -> str:
    missing = first_missing(answers)
    if missing != CHECK:
        raise RuleError(
            gettext("The report is not complete."), fields={missing: gettext("This page is not answered.")}
        )
    what, who, service, details = (answers[step] for step in ("what", "who", "service", "details"))
    impact, urgency = levels_of(reach=service["reach"], ability=service["ability"])
    report = Report(
        title=what["title"],
        description=what["description"],
        service="" if service["service"] == UNKNOWN_SERVICE else service["service"],
        impact=impact,
        urgency=urgency,
        requester=who["email"] if who["who"] == "behalf" else "",
        affected_user=who["email"] if who["who"] == "other" else "",
        contact=details["contact"],
    )
    record = raise_incident(report=report, actor=actor, at=at)
    if who["who"] == "behalf" and actor.membership_id not in (None, record.requester_id):
        # Whoever reports for somebody else follows what becomes of it.
        watch(record=record, membership_id=actor.membership_id, actor=actor, at=at)
    return record.number


def _attach_files(draft: Draft, actor: Actor, at: datetime) -> None:
    with transaction.atomic():
        lock_draft(draft_id=draft.pk, actor=actor, may_be_sent=True)
        files = list(DraftFile.objects.filter(draft=draft).order_by("added_at", "id"))
        for file in files:
            _attach(draft.number, file, actor, at)
        discard_files(files)


def _attach(number: str, file: DraftFile, actor: Actor, at: datetime) -> None:
    for left in reversed(range(_TRIES)):
        try:
            with default_storage.open(file.path) as content:
                attach_file(
                    record=get_incident(actor, number), name=file.name, content=content, actor=actor, at=at
                )
        except StaleVersionError:
            # Somebody took the new incident this very moment; the file belongs on it all the same.
            if not left:
                raise
        else:
            return
