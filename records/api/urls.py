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
        path(f"{base}/comments/", _view(CommentsView, kind, comment), name=f"api_{kind}_comments"),
        path(f"{base}/work-notes/", _view(WorkNotesView, kind, note), name=f"api_{kind}_work_notes"),
        path(f"{base}/attachments/", _view(AttachmentsView, kind), name=f"api_{kind}_attachments"),
        path(
            f"{base}/attachments/<uuid:attachment_id>/file/",
            _view(AttachmentFileView, kind),
            name=f"api_{kind}_attachment_file",
        ),
        path(f"{base}/audit/", _view(AuditView, kind), name=f"api_{kind}_audit"),
    ]


def _view(view: type[Any], kind: str, service: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """The view for one kind of record: its permissions are that kind's."""
    members = {
        "__doc__": view.__doc__,
        "kind": kind,
        "say": staticmethod(service) if service else None,
        "permission_for": {method: f"{kind}:{verb}" for method, verb in view.verb_for.items()},
    }
    made: Any = type(view.__name__, (view,), members)
    return made.as_view()  # type: ignore[no-any-return]


urlpatterns = [path("changes/", ChangesView.as_view(), name="api_changes")]
