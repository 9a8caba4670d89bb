"""Rows as JSON: values, display values, links."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from rest_framework.request import Request

from market.api.views.errors import BadRequestError
from market.engine.query import Condition, Query, QueryError, read_query
from market.queries.fields import Field
from market.queries.read import Cell, Row

DEFAULT_LIMIT, MAX_LIMIT = 10_000, 10_000
MAX_OFFSET = 10_000_000
_DIGITS = 10
_TRUE = ("true", "1", "yes")


@dataclass(frozen=True, slots=True)
class Wish:
    """How a client wants its rows: which, how many, which fields, and how they are written."""

    query: Query
    fields: Sequence[str]
    limit: int
    offset: int
    display: str
    with_links: bool
    with_count: bool
    with_pages: bool


def wish_of(params: QueryDict) -> Wish:
    """What the query string says; whatever has no `sysparm_` in front is a condition `field=value`.

    Raises a 400 for numbers that are none, and for a query that is too long to be meant.
    """
    try:
        query = read_query(params.get("sysparm_query", ""))
    except QueryError as error:
        raise BadRequestError("Invalid query", str(error)) from error
    plain = [
        (Condition(name, "=", str(value)),)
        for name in params
        if not name.startswith(("sysparm_", "sys_param"))
        for value in params.getlist(name)
    ]
    if plain:
        groups = tuple((*group, *plain) for group in query.groups) or (tuple(plain),)
        query = Query(groups, query.order)
    named = params.get("sysparm_fields", "")
    return Wish(
        query=query,
        fields=list(dict.fromkeys(name.strip() for name in named.split(",") if name.strip())),
        limit=min(_number(params, "sysparm_limit", DEFAULT_LIMIT), MAX_LIMIT),
        offset=_number(params, "sysparm_offset", 0),
        display=_display(params.get("sysparm_display_value", "")),
        with_links=not _flag(params, "sysparm_exclude_reference_link"),
        with_count=not _flag(params, "sysparm_no_count"),
        with_pages=not _flag(params, "sysparm_suppress_pagination_header"),
    )


def _flag(params: QueryDict, name: str) -> bool:
    return params.get(name, "").strip().lower() in _TRUE


def _display(text: str) -> str:
    said = text.strip().lower()
    return said if said in ("true", "all") else "false"


def _number(params: QueryDict, name: str, default: int) -> int:
    text = params.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS or int(text) > MAX_OFFSET:
        raise BadRequestError(
            f"Invalid {name}", f"Use a whole number from 0 to {MAX_OFFSET}, not {text[:40]!r}."
        )
    return int(text)


def base_of(request: Request) -> str:
    """The address that links begin with, in the version that the client asked in."""
    version = next((f"/{part}" for part in ("v1", "v2") if f"/now/{part}/" in request.path), "")
    return request.build_absolute_uri(f"/api/now{version}")


def written(row: Row, fields: Sequence[Field], wish: Wish, base: str) -> dict[str, Any]:
    """A row as the client wants it."""
    found = {}
    for field in fields:
        cell = row[field.name]
        if field.kind == "link":
            link = f"{base}/attachment/{cell.value}/file"
            cell = Cell(link, link)
        found[field.name] = _cell(cell, wish, base)
    return found


def _cell(cell: Cell, wish: Wish, base: str) -> Any:
    link = f"{base}/table/{cell.table}/{cell.value}" if cell.table and cell.value and wish.with_links else ""
    if wish.display == "all":
        both = {"display_value": cell.display, "value": cell.value}
        return both | {"link": link} if link else both
    if wish.display == "true":
        return {"display_value": cell.display, "link": link} if link else cell.display
    return {"link": link, "value": cell.value} if link else cell.value


def pages_around(request: Request, wish: Wish, total: int) -> str:
    """The `Link` header: first, previous, next and last page."""
    last = max(total - 1, 0) // wish.limit * wish.limit if wish.limit else 0
    offsets = {"first": 0, "last": last}
    if wish.offset > 0:
        offsets["prev"] = max(wish.offset - wish.limit, 0)
    if wish.offset + wish.limit < total:
        offsets["next"] = wish.offset + wish.limit
    query = {name: value for name, value in request.query_params.items() if name != "sysparm_offset"}
    query["sysparm_limit"] = str(wish.limit)

    def address(offset: int) -> str:
        return request.build_absolute_uri(
            f"{request.path}?{urlencode(query | {'sysparm_offset': str(offset)})}"
        )

    return ",".join(f'<{address(offset)}>;rel="{name}"' for name, offset in offsets.items())
