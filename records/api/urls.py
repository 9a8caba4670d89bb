"""Addresses that every kind of record has, and the change feed."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from records.api.views import (
    AttachmentFileView,
    AttachmentsView,
    AuditView,
    ChangesView,
    CommentsView,
    WorkNotesView,
)


def journal_paths(
    kind: str, feed: str, *, comment: Callable[..., Any], note: Callable[..., Any]
) -> list[URLPattern]:
    """The journal of one kind of record under `feed`; `comment` and `note` are the process's own services."""
    base = f"{feed}/<str:number>"

    return [
        path(
            f"{base}/comments/",
            _speaking(CommentsView, comment).as_view(kind=kind),
            name=f"api_{kind}_comments",
        ),
        path(
            f"{base}/work-notes/",
            _speaking(WorkNotesView, note).as_view(kind=kind),
            name=f"api_{kind}_work_notes",
        ),
        path(f"{base}/attachments/", AttachmentsView.as_view(kind=kind), name=f"api_{kind}_attachments"),
        path(
            f"{base}/attachments/<uuid:attachment_id>/file/",
            AttachmentFileView.as_view(kind=kind),
            name=f"api_{kind}_attachment_file",
        ),
        path(f"{base}/audit/", AuditView.as_view(kind=kind), name=f"api_{kind}_audit"),
    ]


def _speaking(view: type[Any], service: Callable[..., Any]) -> type[Any]:
    return type(view.__name__, (view,), {"say": staticmethod(service), "__doc__": view.__doc__})


urlpatterns = [path("changes/", ChangesView.as_view(), name="api_changes")]
