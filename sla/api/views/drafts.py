"""Drafts of definitions over the API: written, tried on history, adopted or thrown away."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

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
from sla.api.serializers.drafts import (
    AdoptIn,
    DraftChangePage,
    DraftIn,
    DraftOut,
    DraftPage,
    change_out,
    draft_out,
    row_out,
    text_in,
)
from sla.api.views.asking import IF_MATCH
from sla.engine.verdicts import DIRECTIONS
from sla.queries.drafts import (
    DEFINE,
    READ,
    ChangeLine,
    change_lines,
    changes_of_draft,
    drafts,
    get_draft,
    read_draft,
)
from sla.queries.what_if import codes_of
from sla.services.adopt_draft import adopt_draft
from sla.services.drafts import cancel_run, discard_draft, edit_draft, request_run, start_draft, text_of
from sla.services.selection import selection_of

NEWEST_FIRST = Order("id")
_WHO = "Not for suppliers: a promise is not written by one side."


class DraftsView(ApiView):
    """Drafts of the tenant."""

    permission_for: ClassVar[dict[str, str]] = {"GET": READ, "POST": DEFINE}

    @extend_schema(
        operation_id="drafts_list",
        summary="List drafts of definitions",
        description=f"Newest first. {_WHO}",
        parameters=[OpenApiParameter("limit", int), OpenApiParameter("cursor", str)],
        responses=DraftPage,
    )
    def get(self, request: Request) -> Response:
        """A page of drafts."""
        page, envelope = paged(request, drafts(self.actor), order=NEWEST_FIRST)
        return Response(envelope | {"results": [row_out(row) for row in page.rows]})

    @extend_schema(
        operation_id="drafts_create",
        summary="Write a draft of definitions",
        description=f"Nothing is measured by it until it is adopted. {_WHO}",
        request=DraftIn,
        responses={201: DraftOut},
    )
    def post(self, request: Request) -> Response:
        """A draft. A mistake in the document is answered with its line, under `faults`."""
        text = text_in(checked(DraftIn, request.data))
        made = start_draft(text=text, actor=self.actor, at=timezone.now())
        return _answer(self.actor, made.pk, status=201)


class DraftView(ApiView):
    """One draft."""

    permission_for: ClassVar[dict[str, str]] = {"GET": READ, "PATCH": DEFINE}

    @extend_schema(operation_id="drafts_read", summary="Read a draft", description=_WHO, responses=DraftOut)
    def get(self, request: Request, draft_id: UUID) -> Response:
        """The draft, how far trying it has come, and what it comes to."""
        return _answer(self.actor, draft_id)

    @extend_schema(
        operation_id="drafts_edit",
        summary="Edit a draft",
        description="What is not named stays. What it came to before no longer counts.",
        parameters=[IF_MATCH],
        request=DraftIn,
        responses=DraftOut,
    )
    def patch(self, request: Request, draft_id: UUID) -> Response:
        """The draft with another text."""
        before = get_draft(self.actor, draft_id)
        given = checked(DraftIn, request.data, partial=True)
        seen = self.seen_version()
        edit_draft(
            draft_id=draft_id,
            text=text_in(given, text_of(before)),
            seen_version=before.version if seen is None else seen,
            actor=self.actor,
            at=timezone.now(),
        )
        return _answer(self.actor, draft_id)


class DraftRunView(ApiView):
    """Trying a draft on history."""

    permission_for: ClassVar[dict[str, str]] = {"POST": DEFINE}

    @extend_schema(
        operation_id="drafts_run",
        summary="Try a draft on history",
        description="In the background: read the draft to see how far it has come.",
        parameters=[IF_MATCH],
        request=None,
        responses={202: DraftOut},
    )
    def post(self, request: Request, draft_id: UUID) -> Response:
        """The draft, about to be tried."""
        request_run(draft_id=draft_id, actor=self.actor, at=timezone.now(), seen_version=self.seen_version())
        return _answer(self.actor, draft_id, status=202)


class DraftCancelView(ApiView):
    """Calling a trial off."""

    permission_for: ClassVar[dict[str, str]] = {"POST": DEFINE}

    @extend_schema(
        operation_id="drafts_cancel",
        summary="Cancel the trial of a draft",
        description="Nothing of it is kept; what an earlier trial came to stays. Harmless when none is under way.",
        request=None,
        responses=DraftOut,
    )
    def post(self, request: Request, draft_id: UUID) -> Response:
        """The draft, not being tried any more."""
        cancel_run(draft_id=draft_id, actor=self.actor, at=timezone.now())
        return _answer(self.actor, draft_id)


class DraftAdoptView(ApiView):
    """Letting a draft hold."""

    permission_for: ClassVar[dict[str, str]] = {"POST": DEFINE}

    @extend_schema(
        operation_id="drafts_adopt",
        summary="Adopt a draft",
        description="Only as it was tried, and against the definitions it was tried against. Makes new versions only.",
        parameters=[IF_MATCH],
        request=AdoptIn,
        responses=DraftOut,
    )
    def post(self, request: Request, draft_id: UUID) -> Response:
        """The draft, adopted."""
        get_draft(self.actor, draft_id)
        adopt_draft(
            draft_id=draft_id,
            effective_from=checked(AdoptIn, request.data).get("effective_from"),
            actor=self.actor,
            at=timezone.now(),
            seen_version=self.seen_version(),
        )
        return _answer(self.actor, draft_id)


class DraftDiscardView(ApiView):
    """Throwing a draft away."""

    permission_for: ClassVar[dict[str, str]] = {"POST": DEFINE}

    @extend_schema(
        operation_id="drafts_discard",
        summary="Throw a draft away",
        description="And with it what it came to.",
        parameters=[IF_MATCH],
        request=None,
        responses=DraftOut,
    )
    def post(self, request: Request, draft_id: UUID) -> Response:
        """The draft, thrown away."""
        discard_draft(draft_id=draft_id, actor=self.actor, seen_version=self.seen_version())
        return _answer(self.actor, draft_id)


class DraftChangesView(ApiView):
    """The records that a draft would judge otherwise."""

    permission_for: ClassVar[dict[str, str]] = {"GET": READ}

    @extend_schema(
        operation_id="drafts_changes",
        summary="List what a draft would change",
        description="Of the last trial that was finished, of records that the caller may see. Empty before.",
        parameters=[
            OpenApiParameter("service", str, description="code"),
            OpenApiParameter("provider", str, description="code"),
            OpenApiParameter("direction", str, enum=list(DIRECTIONS)),
            OpenApiParameter("limit", int),
            OpenApiParameter("cursor", str),
        ],
        responses=DraftChangePage,
    )
    def get(self, request: Request, draft_id: UUID) -> Response:
        """A page of changes."""
        draft = read_draft(self.actor, draft_id)
        asked = {name: request.query_params.get(name, "") for name in ("service", "provider", "direction")}
        if asked["direction"] and asked["direction"] not in DIRECTIONS:
            raise ValidationError({"direction": f"Use one of {', '.join(DIRECTIONS)}."})
        chosen = selection_of(
            services=[asked["service"]] if asked["service"] else [],
            providers=[asked["provider"]] if asked["provider"] else [],
        )
        rows = changes_of_draft(
            self.actor,
            draft,
            service=next(iter(chosen.services), None),
            provider=next(iter(chosen.providers), None),
            direction=asked["direction"],
        )
        page, envelope = paged(request, rows, order=Order("id", is_descending=False), read=_lines)
        services, providers = codes_of("service"), codes_of("provider")
        found = [change_out(row, services, providers) for row in page.rows]
        return Response(envelope | {"results": found})


def _lines(*, keys: Any) -> Iterable[ChangeLine]:
    return change_lines(keys)


def _answer(actor: Actor, draft_id: UUID, *, status: int = 200) -> Response:
    draft = read_draft(actor, draft_id)
    headers = etag(draft.version)
    if status == 201:
        headers["Location"] = f"/api/v1/drafts/{draft_id}/"
    return Response(draft_out(draft, timezone.now()), status=status, headers=headers)
