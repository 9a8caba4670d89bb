"""Files on records: `/api/now/attachment`."""

from io import BytesIO
from typing import Any, ClassVar

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, QueryDict
from django.utils import timezone
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from doors.web.files import as_download
from market.api.serializers import wish_of
from market.api.views.errors import BadRequestError
from market.api.views.tables import RowsView
from market.queries.file_tables import file_with
from market.queries.tables import FILES
from market.services.files import attach, withdraw_file
from market.services.rows import writable
from records.public import get_attachment


class AttachmentsView(RowsView):
    """The files that the client may know of."""

    def get(self, request: Request) -> Response:
        """A page of files."""
        return self.listed(FILES, self.wish())


class _Upload(RowsView):
    body_max: ClassVar[int] = settings.ATTACHMENT_MAX_BYTES

    def kept(self, request: Request, table: str, sys_id: str, name: str, content: Any) -> Response:
        """Keep a file on a record and answer with its row. Raises a 400 for what is not said."""
        missing = [
            key
            for key, value in (("table_name", table), ("table_sys_id", sys_id), ("file_name", name))
            if not value
        ]
        if missing:
            raise BadRequestError(f"Missing parameters: {', '.join(missing)}")
        found = self.table(table)
        record = writable(table=found, key=self.one(found, sys_id), actor=self.actor)
        file = attach(record=record, name=name, content=content, actor=self.actor, at=timezone.now())
        base = request.build_absolute_uri("/api/now/v1")
        headers = {"Location": f"{base}/attachment/{file.pk.hex}/file"}
        rows = self.shown(FILES, [file.pk], wish_of(QueryDict()))
        return Response({"result": rows[0]}, status=201, headers=headers)


class AttachmentFileUploadView(_Upload):
    """A file sent as it is."""

    permission_for: ClassVar[dict[str, str]] = {"POST": "incident:read"}

    def post(self, request: Request) -> Response:
        """Keep the body as a file on a record."""
        params = request.query_params
        content = BytesIO(self.raw_body())
        return self.kept(
            request,
            params.get("table_name", ""),
            params.get("table_sys_id", ""),
            params.get("file_name", ""),
            content,
        )


class AttachmentUploadView(_Upload):
    """A file sent as a form."""

    permission_for: ClassVar[dict[str, str]] = {"POST": "incident:read"}

    parser_classes = (MultiPartParser,)

    def post(self, request: Request) -> Response:
        """Keep the form's file on the record that the form, or the address, names."""
        form: Any = request.data
        said = {
            name: str(form.get(name) or request.query_params.get(name) or "")
            for name in ("table_name", "table_sys_id", "file_name")
        }
        file = next(iter(request.FILES.values()), None)
        if file is None:
            raise BadRequestError("Missing file", "Send one file in the form.")
        name = said["file_name"] or file.name or ""
        return self.kept(request, said["table_name"], said["table_sys_id"], name, file)


class AttachmentView(RowsView):
    """One file's row."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "incident:read", "DELETE": "incident:read"}

    def get(self, request: Request, sys_id: str) -> Response:
        """What is known of the file."""
        return Response({"result": self.shown(FILES, [self.one(FILES, sys_id)], self.wish())[0]})

    def delete(self, request: Request, sys_id: str) -> Response:
        """Show the file to no client any more."""
        withdraw_file(attachment=self.file(sys_id), actor=self.actor, at=timezone.now())
        return Response(status=204)

    def file(self, sys_id: str) -> Any:
        """The file. Raises NotFoundError."""
        return file_with(self.actor, self.one(FILES, sys_id))


class AttachmentFileView(AttachmentView):
    """One file's content."""

    def get(self, request: Request, sys_id: str) -> FileResponse:  # type: ignore[override]
        """The bytes of a file that was found clean; always as a download. Raises NotFoundError for any other."""
        found = self.file(sys_id)
        file = get_attachment(self.actor, found.record, found.pk)
        return as_download(default_storage.open(file.path), name=file.name, content_type=file.content_type)

    def delete(self, request: Request, sys_id: str) -> Response:
        """Not here."""
        raise BadRequestError("Delete the attachment, not its content.")


__all__ = [
    "AttachmentFileUploadView",
    "AttachmentFileView",
    "AttachmentUploadView",
    "AttachmentView",
    "AttachmentsView",
]
