"""Files on a record."""

from typing import Any, ClassVar

from django.core.files.storage import default_storage
from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.views import etag
from doors.web.files import as_download
from records.api.serializers import AttachmentList, AttachmentOut, attachment_of
from records.api.views.journal import JournalView
from records.policy import may_read_working_side
from records.queries.contents import attachments_of, get_attachment
from records.queries.headers import get_record
from records.services.attachments import attach_file

_UPLOAD = {
    "multipart/form-data": {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}, "is_internal": {"type": "boolean"}},
    }
}


class AttachmentsView(JournalView):
    """The files on a record."""

    verb_for: ClassVar[dict[str, str]] = {"GET": "read", "POST": "attach"}
    parser_classes = (MultiPartParser,)

    @extend_schema(summary="List attachments", responses=AttachmentList)
    def get(self, request: Request, number: str) -> Response:
        """Files, oldest first."""
        record = get_record(self.actor, number, self.kind)
        return Response({"results": [attachment_of(row) for row in attachments_of(self.actor, record)]})

    @extend_schema(summary="Attach a file", request=_UPLOAD, responses={201: AttachmentOut})
    def post(self, request: Request, number: str) -> Response:
        """Attach one file (multipart field `file`). It is quarantined until scanned."""
        record = get_record(self.actor, number, self.kind)
        file = request.FILES.get("file")
        if file is None:
            raise ValidationError({"file": "Send one file as the multipart field `file`."})
        internal = str(request.POST.get("is_internal", "")).lower() in ("1", "true", "on")
        attachment = attach_file(
            record=record,
            name=file.name or "",
            content=file,
            actor=self.actor,
            at=timezone.now(),
            is_internal=internal and may_read_working_side(self.actor),
        )
        return Response(attachment_of(attachment), status=201, headers=etag(record.version))


class AttachmentFileView(JournalView):
    """The content of a clean file."""

    verb_for: ClassVar[dict[str, str]] = {"GET": "read"}

    @extend_schema(summary="Fetch a file", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, number: str, attachment_id: Any) -> FileResponse:
        """The bytes, always as a download."""
        record = get_record(self.actor, number, self.kind)
        file = get_attachment(self.actor, record, attachment_id)
        content = default_storage.open(file.path)
        return as_download(content, name=file.name, content_type=file.content_type)
