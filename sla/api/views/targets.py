"""Targets over the API."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.paging import paged
from doors.api.strict import checked
from doors.api.views import ApiView, etag
from doors.engine.keyset import Order
from people.public import Actor
from sla.api.serializers.preview import PreviewOut, preview_of
from sla.api.serializers.targets import (
    TargetIn,
    TargetOut,
    TargetPage,
    TargetVersionIn,
    terms_in,
    terms_out,
)
from sla.api.views.asking import IF_MATCH, PREVIEW, as_written, wants_preview
from sla.queries.definitions import (
    TargetLine,
    escalations_of,
    get_target,
    makers_of,
    stored_target,
    target_lines,
    targets_like,
)
from sla.queries.wording import kind_words
from sla.services.edit_target import TargetDraft, add_target_version, create_target, preview_target
from sla.services.versions import DefinitionError

READ, WRITE = "sla:read", "sla:define"
_NAMES = {"duration": "duration_seconds"}


class TargetsView(ApiView):
    """Targets that the caller may see."""

    permission_for: ClassVar[dict[str, str]] = {"GET": READ, "POST": WRITE}

    @extend_schema(
        operation_id="targets_list",
        summary="List targets",
        description="By code. A supplier sees SLAs, and of OLAs and contracts those that can concern it.",
        parameters=[
            OpenApiParameter("kind", str, enum=["sla", "ola", "uc"]),
            OpenApiParameter("metric", str),
            OpenApiParameter("limit", int),
            OpenApiParameter("cursor", str),
        ],
        responses=TargetPage,
    )
    def get(self, request: Request) -> Response:
        """A page of targets."""
        now, kind = timezone.now(), request.query_params.get("kind", "")
        if kind and kind not in kind_words():
            raise ValidationError({"kind": f"Use one of {', '.join(kind_words())}."})
        rows = targets_like(self.actor, kind=kind, metric=request.query_params.get("metric", ""), at=now)
        page, envelope = paged(request, rows, order=Order("code", is_descending=False))
        lines = target_lines(self.actor)
        return Response(envelope | {"results": [_row(self.actor, lines[row.pk], now) for row in page.rows]})

    @extend_schema(
        operation_id="targets_create",
        summary="Write down a target",
        parameters=[PREVIEW],
        request=TargetIn,
        responses={200: PreviewOut, 201: TargetOut},
    )
    def post(self, request: Request) -> Response:
        """A target with its first version; or what it would change, with `?preview=true`."""
        given, now = checked(TargetIn, request.data), timezone.now()
        draft = TargetDraft(
            terms=terms_in(given),
            effective_from=given["effective_from"],
            accepted_because=given["accepted_because"],
        )
        try:
            if wants_preview(request):
                seen = preview_target(target=None, draft=draft, actor=self.actor, at=now, code=given["code"])
                return Response(preview_of(seen))
            made = create_target(
                code=given["code"], name=given["name"], draft=draft, actor=self.actor, at=now
            )
        except DefinitionError as error:
            raise as_written(error, _NAMES) from error
        return _answer(self.actor, made.code, status=201)


class TargetView(ApiView):
    """One target."""

    permission_for: ClassVar[dict[str, str]] = {"GET": READ}

    @extend_schema(operation_id="targets_read", summary="Read a target", responses=TargetOut)
    def get(self, request: Request, code: str) -> Response:
        """The target with its versions."""
        return _answer(self.actor, code, status=200)


class TargetVersionsView(ApiView):
    """The versions of one target."""

    permission_for: ClassVar[dict[str, str]] = {"POST": WRITE}

    @extend_schema(
        operation_id="targets_add_version",
        summary="Add a version to a target, or retire it",
        parameters=[PREVIEW, IF_MATCH],
        request=TargetVersionIn,
        responses={200: PreviewOut, 201: TargetOut},
    )
    def post(self, request: Request, code: str) -> Response:
        """A further version; what was measured under the others stays. `?preview=true` says what it would change."""
        line, now = get_target(self.actor, code), timezone.now()
        given = checked(TargetVersionIn, request.data)
        terms = None if given.get("is_retired") else terms_in(given)
        draft = TargetDraft(
            terms=terms,
            effective_from=given["effective_from"],
            accepted_because=given["accepted_because"],
        )
        target = stored_target(line)
        try:
            if wants_preview(request):
                return Response(
                    preview_of(preview_target(target=target, draft=draft, actor=self.actor, at=now))
                )
            add_target_version(
                target=target, draft=draft, actor=self.actor, at=now, seen_version=self.seen_version()
            )
        except DefinitionError as error:
            raise as_written(error, _NAMES) from error
        return _answer(self.actor, code, status=201)


def _row(actor: Actor, line: TargetLine, at: Any) -> dict[str, Any]:
    said = _terms(actor, line.at(at))
    return {"code": line.code, "name": line.name, "version": line.count} | said


def _terms(actor: Actor, version: Any) -> dict[str, Any]:
    return terms_out(version, escalations_of(actor, version))


def _answer(actor: Actor, code: str, *, status: int) -> Response:
    line = get_target(actor, code, is_fresh=status == 201)
    made = makers_of(actor, line)
    versions = [
        _terms(actor, row)
        | {"made_by": made.get(row.pk, ("", None))[0], "made_at": made.get(row.pk, ("", None))[1]}
        for row in line.versions
    ]
    headers = etag(line.count)
    if status == 201:
        headers["Location"] = f"/api/v1/targets/{code}/"
    body = _row(actor, line, timezone.now()) | {"versions": versions}
    return Response(body, status=status, headers=headers)
