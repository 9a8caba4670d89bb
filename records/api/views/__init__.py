"""What every kind of record offers over the API: comments, work notes, attachments, audit, and the change feed."""

from records.api.views.attachments import AttachmentFileView, AttachmentsView
from records.api.views.changes import ChangesView
from records.api.views.journal import AuditView, CommentsView, WorkNotesView

__all__ = [
    "AttachmentFileView",
    "AttachmentsView",
    "AuditView",
    "ChangesView",
    "CommentsView",
    "WorkNotesView",
]
