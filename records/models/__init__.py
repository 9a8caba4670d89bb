"""Tables of the record kernel."""

from records.models.audit import AuditEntry
from records.models.header import Counter, Record, RecordParty, RecordPerson, SearchDocument
from records.models.journal import Attachment, Comment, Link, WorkNote

__all__ = [
    "Attachment",
    "AuditEntry",
    "Comment",
    "Counter",
    "Link",
    "Record",
    "RecordParty",
    "RecordPerson",
    "SearchDocument",
    "WorkNote",
]
