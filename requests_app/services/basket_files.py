"""Files given as answers, kept with their line until it is ordered."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import PurePath
from typing import BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext

from lifecycle.public import NotFoundError, RuleError
from people.public import Actor
from records.public import read_file, require
from requests_app.models import BasketFile, BasketLine

FILES_MAX = 10


def add_file(*, line_id: UUID, name: str, content: BinaryIO, actor: Actor, at: datetime) -> BasketFile:
    """Keep a file with a line; its key is what the answer to a field for files names.

    Raises RuleError (field `files`) for an empty, oversize, disallowed or disguised file, and for one too many.
    """
    require(actor, "request:attach")
    try:
        file = read_file(name=name, content=content)
    except RuleError as refused:
        reason = refused.fields.get("file", refused.message)
        raise RuleError(refused.message, fields={"files": f"{PurePath(name).name}: {reason}"}) from refused
    with transaction.atomic():
        line = own_line(line_id=line_id, actor=actor)
        if BasketFile.objects.filter(line=line).count() >= FILES_MAX:
            raise RuleError(
                gettext("Too many files."),
                fields={"files": gettext("Add %(most)s files at most.") % {"most": FILES_MAX}},
            )
        path = default_storage.save(
            f"baskets/{actor.tenant_id}/{secrets.token_urlsafe(24)}", ContentFile(file.body)
        )
        return BasketFile.objects.create(
            line=line,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
            path=path,
            added_at=at,
        )


def remove_file(*, line_id: UUID, file_id: str, actor: Actor) -> None:
    """Take a file off a line again. One that is gone already is no error."""
    with transaction.atomic():
        line = own_line(line_id=line_id, actor=actor)
        discard_files(file for file in BasketFile.objects.filter(line=line) if str(file.pk) == file_id)


def own_line(*, line_id: UUID, actor: Actor) -> BasketLine:
    """A line of the actor's own basket, locked. Raises NotFoundError."""
    line = (
        BasketLine.objects.select_for_update(of=("self",))
        .filter(pk=line_id, basket__membership=actor.membership_id)
        .first()
    )
    if line is None:
        raise NotFoundError(gettext("There is no such line in your basket."))
    return line


def discard_files(files: Iterable[BasketFile]) -> None:
    """Delete files; what they hold goes once the transaction is committed."""
    for file in list(files):
        file.delete()
        transaction.on_commit(partial(default_storage.delete, file.path))
