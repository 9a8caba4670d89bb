"""Keyset pages of the API."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from doors.engine.keyset import Order, Page, page_of

DEFAULT_LIMIT, MAX_LIMIT = 50, 200


def limit_of(request: Request) -> int:
    """`limit` of the query string: 1 to 200, 50 unless said. Raises ValidationError."""
    text = request.query_params.get("limit", str(DEFAULT_LIMIT))
    if not text.isascii() or not text.isdigit() or len(text) > 3 or not 1 <= int(text) <= MAX_LIMIT:
        raise ValidationError({"limit": f"Use a number from 1 to {MAX_LIMIT}."})
    return int(text)


def order_of(request: Request, allowed: dict[str, str]) -> Order:
    """`ordering` of the query string, `-` for descending; the first allowed one, newest first, unless said."""
    text = request.query_params.get("ordering", "")
    if not text:
        return Order(next(iter(allowed.values())))
    name = text.lstrip("-")
    if name not in allowed:
        raise ValidationError(
            {"ordering": f"Use one of {', '.join(allowed)}, with - in front for descending."}
        )
    return Order(allowed[name], is_descending=text.startswith("-"))


def paged(
    request: Request,
    rows: QuerySet[Any],
    *,
    order: Order,
    read: Callable[..., Iterable[Any]] | None = None,
) -> tuple[Page[Any], dict[str, Any]]:
    """One page of `rows`, and the envelope that goes around it: next and previous as addresses, null at the ends.

    `read` as in `page_of`.
    """
    cursor = request.query_params.get("cursor", "")
    page = page_of(rows, order=order, limit=limit_of(request), cursor=cursor, read=read)
    return page, {
        "next": address_of(request, page.next_cursor),
        "previous": address_of(request, page.previous_cursor),
    }


def address_of(request: Request, cursor: str) -> str | None:
    """This address with another cursor; None for the cursor of no page."""
    if not cursor:
        return None
    query = request.query_params.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


PAGE_FIELDS = ("next", "previous", "results")
