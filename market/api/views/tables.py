"""Tables and their rows: `/api/now/table/incident`."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from lifecycle.public import NotFoundError
from market.api.serializers import Wish, base_of, pages_around, wish_of, written
from market.api.views.base import MarketView
from market.api.views.errors import NO_RECORD, BadRequestError
from market.queries.conditions import as_key
from market.queries.fields import Table
from market.queries.read import asked_fields, page_of, read_rows
from market.queries.tiny import address_kept
from market.queries.totals import total_of
from market.services.rows import create_row, remove_row, update_row


class RowsView(MarketView):
    """What lists and single rows share."""

    def wish(self) -> Wish:
        """What the query string asks for, that of a short address included. Raises a 400."""
        params = self.request.query_params
        key = params.get("sysparm_tiny", "")
        if key:
            kept = address_kept(key)
            if kept is None:
                raise BadRequestError(
                    "Invalid sysparm_tiny", "There is no such address any more. Ask for a new one."
                )
            params = QueryDict(kept)
        return wish_of(params)

    def shown(self, table: Table, keys: Sequence[UUID], wish: Wish) -> list[dict[str, Any]]:
        """Rows as the client wants them."""
        reading = self.reading
        fields = asked_fields(table, wish.fields, reading)
        rows = read_rows(table, keys, fields, reading, with_words=wish.display != "false")
        base = base_of(self.request)
        return [written(row, fields, wish, base) for row in rows]

    def listed(self, table: Table, wish: Wish) -> Response:
        """A page of rows with the headers that count and link them."""
        reading = self.reading
        keys, rows = page_of(table, wish.query, reading, limit=wish.limit, offset=wish.offset)
        headers: dict[str, str] = {}
        if wish.with_count:
            total = total_of(rows, reading, shown=len(keys), limit=wish.limit, offset=wish.offset)
            headers["X-Total-Count"] = str(total)
            if wish.with_pages:
                headers["Link"] = pages_around(self.request, wish, total)
        return Response({"result": self.shown(table, keys, wish)}, headers=headers)

    def one(self, table: Table, sys_id: str) -> UUID:
        """The key of a row that the client may see. Raises NotFoundError."""
        key = as_key(sys_id)
        if key is None or not table.visible(self.actor).filter(pk=key).exists():
            raise NotFoundError(NO_RECORD)
        return key


class TableView(RowsView):
    """The rows of a table."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "incident:read", "POST": "incident:raise"}

    def get(self, request: Request, table: str) -> Response:
        """A page of rows."""
        return self.listed(self.table(table), self.wish())

    def post(self, request: Request, table: str) -> Response:
        """A new row; `Location` says where it is."""
        found, wish, given = self.table(table), self.wish(), self.json_body()
        chosen = given.get("sys_id")
        key = as_key(str(chosen)) if chosen else None
        made = create_row(table=found, given=given, actor=self.actor, at=timezone.now(), key=key)
        headers = {"Location": f"{base_of(request)}/table/{found.name}/{made.hex}"}
        return Response({"result": self.shown(found, [made], wish)[0]}, status=201, headers=headers)


class TableRowView(RowsView):
    """One row of a table."""

    permission_for: ClassVar[dict[str, str]] = {
        "GET": "incident:read",
        "PUT": "incident:read",
        "PATCH": "incident:read",
        "DELETE": "incident:cancel",
    }

    def get(self, request: Request, table: str, sys_id: str) -> Response:
        """The row."""
        found, wish = self.table(table), self.wish()
        return Response({"result": self.shown(found, [self.one(found, sys_id)], wish)[0]})

    def put(self, request: Request, table: str, sys_id: str) -> Response:
        """Change what is said, leave the rest: as PATCH."""
        return self.patch(request, table, sys_id)

    def patch(self, request: Request, table: str, sys_id: str) -> Response:
        """Change what is said."""
        found, wish, given = self.table(table), self.wish(), self.json_body()
        key = self.one(found, sys_id)
        update_row(table=found, key=key, given=given, actor=self.actor, at=timezone.now())
        # Handed on, it may be out of the client's sight.
        rows = self.shown(found, [key], wish)
        return Response({"result": rows[0] if rows else {}})

    def delete(self, request: Request, table: str, sys_id: str) -> Response:
        """Show the row to no client any more."""
        found = self.table(table)
        remove_row(table=found, key=self.one(found, sys_id), actor=self.actor, at=timezone.now())
        return Response(status=204)
