"""What the journal of a record takes and gives."""

from typing import Any

from rest_framework import serializers

from doors.api.strict import StrictSerializer
from records.services.journal import BODY_MAX


class WordsIn(StrictSerializer):
    """Something said."""

    body = serializers.CharField(max_length=BODY_MAX, trim_whitespace=False)


class WordsOut(serializers.Serializer[Any]):
    """Something said, by whom and when."""

    id = serializers.UUIDField()
    author = serializers.CharField()
    door = serializers.CharField()
    body = serializers.CharField()
    written_at = serializers.DateTimeField()


class WordsList(serializers.Serializer[Any]):
    """All of them, oldest first."""

    results = WordsOut(many=True)


class AttachmentOut(serializers.Serializer[Any]):
    """A file; it can be fetched once `status` is clean."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    sha256 = serializers.CharField()
    status = serializers.ChoiceField(choices=["quarantined", "clean", "infected"])
    is_internal = serializers.BooleanField()
    added_by = serializers.CharField()
    added_at = serializers.DateTimeField()


class AttachmentList(serializers.Serializer[Any]):
    """The files on the record that the caller may know of."""

    results = AttachmentOut(many=True)


class ChangeOut(serializers.Serializer[Any]):
    """One step on one record. `facts` maps names to old and new values."""

    number = serializers.CharField()
    kind = serializers.CharField()
    version = serializers.IntegerField()
    at = serializers.DateTimeField()
    verb = serializers.CharField()
    by = serializers.CharField()
    facts = serializers.DictField()


class ChangePage(serializers.Serializer[Any]):
    """Steps since the cursor; ask again with `cursor`, whether or not there were any."""

    results = ChangeOut(many=True)
    cursor = serializers.CharField()
    has_more = serializers.BooleanField()


class AuditOut(serializers.Serializer[Any]):
    """One step of the record."""

    version = serializers.IntegerField()
    at = serializers.DateTimeField()
    verb = serializers.CharField()
    door = serializers.CharField()
    by = serializers.CharField()
    facts = serializers.DictField()


class AuditList(serializers.Serializer[Any]):
    """Every step, oldest first."""

    results = AuditOut(many=True)


def words_of(row: Any) -> dict[str, Any]:
    """A comment or work note as WordsOut describes it."""
    return {
        "id": str(row.pk),
        "author": row.author_name,
        "door": row.door,
        "body": row.body,
        "written_at": row.written_at,
    }


def attachment_of(row: Any) -> dict[str, Any]:
    """A file as AttachmentOut describes it."""
    return {
        "id": str(row.pk),
        "name": row.name,
        "content_type": row.content_type,
        "size": row.size,
        "sha256": row.sha256,
        "status": row.status,
        "is_internal": row.is_internal,
        "added_by": row.added_by_name,
        "added_at": row.added_at,
    }
