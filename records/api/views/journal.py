"""Comments, work notes and audit of a record."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.strict import checked
from doors.api.views import ApiView, etag
from records.api.serializers import AuditList, WordsIn, WordsList, WordsOut, words_of
from records.queries.contents import audit_of, comments_of, facts_for, last_words_of, work_notes_of
from records.queries.headers import get_record


class JournalView(ApiView):
    """Base of the views on one record; `kind` and `say` come from the process that mounts them.

    `verb_for` says by method which of the kind's permissions is needed: `read` is `incident:read` on an incident.
    """

    kind: str = ""
    say: ClassVar[Callable[..., Any] | None] = None
    verb_for: ClassVar[dict[str, str]] = {}


class CommentsView(JournalView):
    """What the requester sees."""

    verb_for: ClassVar[dict[str, str]] = {"GET": "read", "POST": "comment"}

    @extend_schema(summary="List comments", responses=WordsList)
    def get(self, request: Request, number: str) -> Response:
        """Comments, oldest first."""
        record = get_record(self.actor, number, self.kind)
        return Response({"results": [words_of(row) for row in comments_of(record)]})

    @extend_schema(summary="Comment", request=WordsIn, responses={201: WordsOut})
    def post(self, request: Request, number: str) -> Response:
        """Say something that the requester sees."""
        given = checked(WordsIn, request.data)
        record = get_record(self.actor, number, self.kind)
        record = type(self).say(  # type: ignore[misc]
            record=record,
            body=given["body"],
            actor=self.actor,
            at=timezone.now(),
            seen_version=self.seen_version(),
        )
        said = last_words_of(record, "comment")
        return Response(words_of(said), status=201, headers=etag(record.version))


class WorkNotesView(JournalView):
    """What those who work the record tell each other."""

    verb_for: ClassVar[dict[str, str]] = {"GET": "note", "POST": "note"}

    @extend_schema(summary="List work notes", responses=WordsList)
    def get(self, request: Request, number: str) -> Response:
        """Work notes, oldest first."""
        record = get_record(self.actor, number, self.kind)
        return Response({"results": [words_of(row) for row in work_notes_of(self.actor, record)]})

    @extend_schema(summary="Write a work note", request=WordsIn, responses={201: WordsOut})
    def post(self, request: Request, number: str) -> Response:
        """Tell those who work the record something. No requester ever sees it."""
        given = checked(WordsIn, request.data)
        record = get_record(self.actor, number, self.kind)
        record = type(self).say(  # type: ignore[misc]
            record=record,
            body=given["body"],
            actor=self.actor,
            at=timezone.now(),
            seen_version=self.seen_version(),
        )
        said = last_words_of(record, "work_note")
        return Response(words_of(said), status=201, headers=etag(record.version))


class AuditView(JournalView):
    """Every step on the record: the source of its clocks and custody."""

    verb_for: ClassVar[dict[str, str]] = {"GET": "note"}

    @extend_schema(summary="Read the audit", responses=AuditList)
    def get(self, request: Request, number: str) -> Response:
        """Steps, oldest first."""
        record = get_record(self.actor, number, self.kind)
        results = [
            {
                "version": entry.version,
                "at": entry.at,
                "verb": entry.verb,
                "door": entry.door,
                "by": entry.actor_name,
                "facts": facts_for(self.actor, entry),
            }
            for entry in audit_of(self.actor, record)
        ]
        return Response({"results": results})
