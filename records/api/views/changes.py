"""The change feed."""

from typing import ClassVar
from uuid import UUID

from django.core import signing
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.paging import limit_of
from doors.api.views import ApiView
from doors.engine.keyset import CursorError
from records.api.serializers import ChangePage
from records.queries.change_feed import changes_since


class ChangesView(ApiView):
    """Everything that happened to the caller's records, in order, without a gap."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "incident:read"}

    @extend_schema(
        operation_id="changes_list",
        summary="Read the change feed",
        description="Read by transaction watermark: a step is told once its transaction and all older ones have ended,"
        " so nothing is missed however writers overlap. Start without `cursor` for all history.",
        parameters=[
            OpenApiParameter("cursor", str),
            OpenApiParameter("limit", int, description="1 to 200, default 50"),
        ],
        responses=ChangePage,
    )
    def get(self, request: Request) -> Response:
        """Steps since the cursor."""
        text = request.query_params.get("cursor", "")
        since = _read(text) if text else None
        limit = limit_of(request)
        found = changes_since(self.actor, since, limit=limit)
        results = [
            {
                "number": change.number,
                "kind": change.kind,
                "version": change.version,
                "at": change.at,
                "verb": change.verb,
                "by": change.by,
                "facts": change.facts,
            }
            for change in found
        ]
        cursor = found[-1].cursor if found else since or (0, UUID(int=0))
        return Response({"results": results, "cursor": _write(cursor), "has_more": len(found) == limit})


def _write(cursor: tuple[int, UUID]) -> str:
    return signing.dumps([cursor[0], str(cursor[1])], salt="changes")


def _read(text: str) -> tuple[int, UUID]:
    try:
        xid, key = signing.loads(text, salt="changes")
    except (signing.BadSignature, ValueError) as error:
        raise CursorError("The cursor is not one of this feed.") from error
    return int(xid), UUID(key)
