"""Files on records."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from market.engine.choices import CLASSES
from market.models import Withdrawn
from market.queries.fields import Field, Table, chosen, fields_of, instant, text
from market.queries.record_tables import EVERY_TASK
from people.public import Actor
from records.models import Attachment


def visible_files(actor: Actor) -> QuerySet[Any]:
    """The files that a client may know of, on the records that it sees."""
    withdrawn = Withdrawn.objects.exclude(attachment=None).values("attachment_id")
    rows = Attachment.objects.filter(record__in=EVERY_TASK.visible(actor).values("pk"))
    return rows.exclude(pk__in=withdrawn).exclude(status=Attachment.Status.INFECTED)


def file_with(actor: Actor, key: UUID) -> Attachment:
    """One of these files, with its record. Raises Attachment.DoesNotExist."""
    file: Attachment = visible_files(actor).select_related("record").get(pk=key)
    return file


FILES = Table(
    name="sys_attachment",
    model=Attachment,
    permission="incident:read",
    visible=visible_files,
    order=("-added_at", "-pk"),
    fields=fields_of(
        Field("sys_id", "id", "pk"),
        text("file_name", "name"),
        chosen("table_name", "record__kind", CLASSES),
        Field("table_sys_id", "id", "record_id"),
        Field("size_bytes", "whole", "size"),
        text("content_type", "content_type"),
        text("hash", "sha256", is_exact=True),
        text("state", "status"),
        instant("sys_created_on", "added_at"),
        instant("sys_updated_on", "added_at"),
        text("sys_created_by", "added_by_name"),
        Field("download_link", "link", "pk"),
    ),
)
