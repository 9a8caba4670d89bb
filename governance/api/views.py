"""Readiness over the API: what is asked, what shows it, and who signs it off."""

from typing import Any, ClassVar
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.strict import checked
from doors.api.views import CustomerView, etag
from doors.web.files import as_download
from governance.api.serializers import CheckOut, EvidenceIn, OverviewOut, ReadinessOut
from governance.queries.overview import overview_lines
from governance.queries.readiness import CheckView as Check
from governance.queries.readiness import Readiness, Subject, clean_file, readiness_of, subject_of
from governance.services.evidence import DEFINE, attach_evidence, give_evidence, sign_off, waive
from lifecycle.public import NotFoundError
from people.public import Actor, today_in_tenant

_FILE = {
    "multipart/form-data": {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}},
    }
}
# What an address calls each sort of subject.
_ABOUT = {"services": "service", "suppliers": "supplier"}
# What each step takes beside the version.
_TAKES = {"evidence": {"words", "link", "without"}, "waive": {"words"}, "sign": set[str]()}


class OverviewView(CustomerView):
    """What is not ready yet."""

    permission_for: ClassVar[dict[str, str]] = {"GET": DEFINE}

    @extend_schema(operation_id="readiness_overview", summary="List what is not ready", responses=OverviewOut)
    def get(self, request: Request) -> Response:
        """Services before they go live, and suppliers, with what is missing."""
        services, suppliers = overview_lines(today_in_tenant(self.actor, timezone.now()))
        return Response(OverviewOut({"services": services, "suppliers": suppliers}).data)


class ReadinessView(CustomerView):
    """How ready one service, or one supplier, is."""

    permission_for: ClassVar[dict[str, str]] = {"GET": DEFINE}

    @extend_schema(operation_id="readiness_read", summary="Read how ready it is", responses=ReadinessOut)
    def get(self, request: Request, about: str, code: str) -> Response:
        """Every check with its state and its evidence."""
        return Response(ReadinessOut(_readiness(self.actor, about, code)).data)


class CheckView(CustomerView):
    """One check of a service or a supplier."""

    permission_for: ClassVar[dict[str, str]] = {"GET": DEFINE, "POST": DEFINE}

    @extend_schema(operation_id="readiness_check_read", summary="Read a check", responses=CheckOut)
    def get(self, request: Request, about: str, code: str, check: str) -> Response:
        """Its state, its evidence and who signed it off."""
        return _answer(self.actor, about, code, check)

    @extend_schema(
        operation_id="readiness_check_step",
        summary="Give evidence for a check, waive it, or sign it off",
        description=give_evidence.__doc__ or "",
        request=EvidenceIn,
        responses=CheckOut,
    )
    def post(self, request: Request, about: str, code: str, check: str) -> Response:
        """`If-Match` names the version that was read: 0 where nothing was given yet."""
        given = checked(EvidenceIn, request.data)
        step = given.pop("step")
        if unknown := given.keys() - _TAKES[step]:
            raise ValidationError(dict.fromkeys(unknown, f"The step {step} does not take it."))
        common: dict[str, Any] = {
            "subject": _subject(about, code),
            "code": check,
            "actor": self.actor,
            "at": timezone.now(),
            "seen_version": self.seen_version(),
        }
        if step == "evidence":
            give_evidence(**{"words": ""} | given, **common)
        elif step == "waive":
            waive(reason=given.get("words", ""), **common)
        else:
            sign_off(**common)
        return _answer(self.actor, about, code, check)


class CheckFilesView(CustomerView):
    """Files that show that a check is met."""

    permission_for: ClassVar[dict[str, str]] = {"POST": DEFINE}
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="readiness_check_attach",
        summary="Add a file to the evidence for a check",
        description=attach_evidence.__doc__ or "",
        request=_FILE,
        responses={201: CheckOut},
    )
    def post(self, request: Request, about: str, code: str, check: str) -> Response:
        """One file (multipart field `file`). It is quarantined until scanned."""
        file = request.FILES.get("file")
        if file is None:
            raise ValidationError({"file": "Send one file as the multipart field `file`."})
        attach_evidence(
            subject=_subject(about, code),
            code=check,
            file=(file.name or "", file),
            actor=self.actor,
            at=timezone.now(),
            seen_version=self.seen_version(),
        )
        return _answer(self.actor, about, code, check, status=201)


class CheckFileView(CustomerView):
    """The content of a clean file."""

    permission_for: ClassVar[dict[str, str]] = {"GET": DEFINE}

    @extend_schema(
        operation_id="readiness_file_read",
        summary="Fetch a file",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, about: str, code: str, check: str, key: UUID) -> FileResponse:
        """The bytes, always as a download."""
        file = clean_file(_subject(about, code), check, key)
        return as_download(default_storage.open(file.path), name=file.name, content_type=file.content_type)


def _subject(about: str, code: str) -> Subject:
    """The service or supplier that an address names. Raises NotFoundError."""
    if about not in _ABOUT:
        raise NotFoundError(gettext("There is no such service or supplier."))
    return subject_of(_ABOUT[about], code)


def _readiness(actor: Actor, about: str, code: str) -> Readiness:
    return readiness_of(_subject(about, code), today_in_tenant(actor, timezone.now()), actor)


def _answer(actor: Actor, about: str, code: str, check: str, *, status: int = 200) -> Response:
    """A response with the check as it is now, and its version as ETag."""
    found: Check | None = next(
        (each for each in _readiness(actor, about, code).checks if each.code == check), None
    )
    if found is None:
        raise NotFoundError(gettext("There is no such check."))
    return Response(CheckOut(found).data, status=status, headers=etag(found.version))
