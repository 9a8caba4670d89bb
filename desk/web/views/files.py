"""Fetching the files of a record."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_GET

from desk.web.views.access import actor_of, desk_page
from doors.web.files import as_download
from records.public import get_attachment, get_record


@require_GET
@desk_page
def download(request: HttpRequest, kind: str, number: str, attachment_id: UUID) -> FileResponse:
    """A file that was found clean: always as a download, never shown in the page's own origin."""
    actor = actor_of(request)
    attachment = get_attachment(actor, get_record(actor, number, kind), attachment_id)
    content = default_storage.open(attachment.path)
    return as_download(content, name=attachment.name, content_type=attachment.content_type)
