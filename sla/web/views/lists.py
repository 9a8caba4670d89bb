"""Lists of definitions in pages, and versions in words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from doors.engine.keyset import CursorError, Order, Page, page_of
from sla.queries.definitions import Line
from sla.queries.wording import Difference, Fact

LENGTH = 50


def page_at(request: HttpRequest, rows: QuerySet[Any], order: Order) -> Page[Any]:
    """The page that the address asks for. A cursor that is not of this list starts at the top."""
    try:
        return page_of(rows, order=order, limit=LENGTH, cursor=request.GET.get("cursor", ""))
    except CursorError:
        return page_of(rows, order=order, limit=LENGTH)


def cursor_links(request: HttpRequest, page: Page[Any]) -> dict[str, str]:
    """Addresses of the pages before and after, with the filters of this one."""

    def address(cursor: str) -> str:
        if not cursor:
            return ""
        query = request.GET.copy()
        query["cursor"] = cursor
        return f"?{query.urlencode()}"

    return {"next_url": address(page.next_cursor), "previous_url": address(page.previous_cursor)}


def version_lines(
    line: Line[Any],
    *,
    facts: Sequence[Sequence[Fact]],
    changes: Sequence[Sequence[Difference]],
    made: Mapping[Any, tuple[str, datetime]],
    now: datetime,
) -> list[dict[str, Any]]:
    """The versions of a definition, the latest first: from when to when, who made it, and what it changed.

    `facts` and `changes` tell of each version what it says, and what it changed; both in order of the versions.
    """
    found = []
    for index, version in enumerate(line.versions):
        by, at = made.get(version.pk, ("", None))
        found.append(
            {
                "number": index + 1,
                "effective_from": version.effective_from,
                "until": line.until(version),
                "is_in_force": version is line.at(now) and version.effective_from <= now,
                "is_to_come": version.effective_from > now,
                "facts": facts[index],
                "differences": changes[index],
                "by": by,
                "at": at,
            }
        )
    return found[::-1]
