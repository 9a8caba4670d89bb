"""Keeping what somebody types on the way to a report."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import PurePath
from typing import Any, BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext

from catalogue.public import find_service
from lifecycle.public import ForbiddenError, NotFoundError, RuleError
from people.public import Actor, find_member
from portal.models import Draft, DraftFile
from records.public import read_file, require

FILES_MAX = 10
UNKNOWN_SERVICE = "unknown"


def keep_answers(
    *, draft_id: UUID | None, step: str, answers: Mapping[str, Any], actor: Actor, at: datetime
) -> UUID:
    """Keep the answers of one page; starts a draft when there is none. Returns the draft's key.

    Raises RuleError naming the fields that are wrong, ForbiddenError without `incident:raise`, NotFoundError for a
    draft that is not the actor's or was sent.
    """
    require(actor, "incident:raise")
    if wrong := _wrong(step, answers, actor):
        raise RuleError(gettext("The answers cannot be kept like this."), fields=wrong)
    with transaction.atomic():
        draft = _start(actor, at) if draft_id is None else lock_draft(draft_id=draft_id, actor=actor)
        draft.answers[step] = dict(answers)
        draft.save(update_fields=["answers"])
    return draft.pk


def add_draft_file(*, draft_id: UUID, name: str, content: BinaryIO, actor: Actor, at: datetime) -> None:
    """Keep a file with a draft until it is sent.

    Raises RuleError (field `files`) for an empty, oversize, disallowed or disguised file, and for one too many.
    """
    require(actor, "incident:attach")
    try:
        file = read_file(name=name, content=content)
    except RuleError as refused:
        reason = refused.fields.get("file", refused.message)
        raise RuleError(refused.message, fields={"files": f"{PurePath(name).name}: {reason}"}) from refused
    with transaction.atomic():
        draft = lock_draft(draft_id=draft_id, actor=actor)
        if DraftFile.objects.filter(draft=draft).count() >= FILES_MAX:
            too_many = gettext("You can add up to %(count)d files") % {"count": FILES_MAX}
            raise RuleError(gettext("Too many files."), fields={"files": too_many})
        path = default_storage.save(
            f"drafts/{actor.tenant_id}/{secrets.token_urlsafe(24)}", ContentFile(file.body)
        )
        DraftFile.objects.create(draft=draft, name=file.name, size=file.size, path=path, added_at=at)


def remove_draft_file(*, draft_id: UUID, file_id: UUID, actor: Actor) -> None:
    """Take a file off a draft again. A file that is gone already is no error."""
    with transaction.atomic():
        draft = lock_draft(draft_id=draft_id, actor=actor)
        discard_files(DraftFile.objects.filter(draft=draft, pk=file_id))


def lock_draft(*, draft_id: UUID, actor: Actor, may_be_sent: bool = False) -> Draft:
    """The actor's own draft, locked to the end of the transaction.

    Raises NotFoundError for any other draft and, unless `may_be_sent`, for one that was sent.
    """
    draft = Draft.objects.select_for_update().filter(pk=draft_id, membership=actor.membership_id).first()
    if draft is None or (draft.number and not may_be_sent):
        raise NotFoundError(gettext("There is no such draft."))
    return draft


def discard_files(files: Any) -> None:
    """Delete draft files; what they hold goes once the transaction is committed."""
    for file in list(files):
        file.delete()
        transaction.on_commit(partial(default_storage.delete, file.path))


def forget_drafts(*, before: datetime) -> int:
    """Delete the drafts of the tenant in scope that were started before an instant (UTC), with their files.

    Returns how many went.
    """
    with transaction.atomic():
        old = Draft.objects.select_for_update(skip_locked=True).filter(started_at__lt=before)
        keys = list(old.values_list("pk", flat=True))
        discard_files(DraftFile.objects.filter(draft__in=keys))
        Draft.objects.filter(pk__in=keys).delete()
    return len(keys)


def _start(actor: Actor, at: datetime) -> Draft:
    if actor.membership_id is None:
        raise ForbiddenError(gettext("Only a person can report a problem here."), permission="incident:raise")
    return Draft.objects.create(membership_id=actor.membership_id, started_at=at)


def _wrong(step: str, answers: Mapping[str, Any], actor: Actor) -> dict[str, str]:
    if step == "who" and answers["who"] != "me":
        if answers["who"] == "behalf" and not actor.may("incident:raise-for"):
            raise ForbiddenError(
                gettext("You can report problems for yourself only."), permission="incident:raise-for"
            )
        if find_member(answers["email"]) is None:
            return {"email": gettext("Nobody here has this email address. Check it, or ask them for it")}
    if (
        step == "service"
        and answers["service"] != UNKNOWN_SERVICE
        and find_service(answers["service"]) is None
    ):
        return {"service": gettext("This service is not available any more. Select another one")}
    return {}
