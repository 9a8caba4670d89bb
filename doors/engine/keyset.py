"""Keyset pages: each page starts where the last one ended, however deep, and rows with equal values are never lost."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import F, Func, QuerySet, Value
from django.db.models.fields import BooleanField
from django.db.models.lookups import GreaterThan, LessThan

RowT = TypeVar("RowT")


class CursorError(ValueError):
    """A cursor that this list did not give out."""

    code = "bad_cursor"


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted: by one column that is never null, then by id, both the same way."""

    column: str
    is_descending: bool = True

    @property
    def names(self) -> tuple[str, str]:
        """The columns of the sort key."""
        return (self.column, "id") if self.column != "id" else ("id", "id")


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    """Rows, and the cursors of the pages after and before them; "" where there is none."""

    rows: Sequence[RowT]
    next_cursor: str
    previous_cursor: str


class _Row(Func):
    """A row value, compared as one: `(a, b) < (x, y)` walks an index; the spelled-out form does not."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


def page_of(
    rows: QuerySet[Any],
    *,
    order: Order,
    limit: int,
    cursor: str = "",
    read: Callable[..., Iterable[Any]] | None = None,
) -> Page[Any]:
    """One page of `rows`. Raises CursorError for a cursor of another list.

    `read` gives what to show for the page's `keys`, each with its key as `id`, in any order; else it is the rows
    themselves.
    """
    backwards, position = _read(cursor, order) if cursor else (False, None)
    descending = order.is_descending != backwards
    names = list(dict.fromkeys(order.names))
    if position is not None:
        key, bound = (
            _Row(*(F(name) for name in names)),
            _Row(*(Value(value) for value in position[: len(names)])),
        )
        rows = rows.filter(LessThan(key, bound) if descending else GreaterThan(key, bound))
    ordered = rows.order_by(*(f"{'-' if descending else ''}{name}" for name in names))
    # Which rows, first, by the index alone; what they join to only for these. Joined before the page is cut, a
    # hundred thousand rows meet seven tables for the sake of fifty.
    keys = list(ordered.values_list(*names, named=True)[: limit + 1])
    more, keys = len(keys) > limit, keys[:limit]
    whole: dict[Any, Any] = {}
    if keys:
        wanted = [key.id for key in keys]
        whole = {row.id: row for row in (read(keys=wanted) if read else rows.filter(pk__in=wanted))}
    found = [whole[key.id] for key in keys if key.id in whole]
    if backwards:
        keys.reverse()
        found.reverse()
    has_next, has_previous = (position is not None, more) if backwards else (more, position is not None)
    return Page(
        found,
        _write(keys[-1], order, backwards=False) if keys and has_next else "",
        _write(keys[0], order, backwards=True) if keys and has_previous else "",
    )


def _write(row: Any, order: Order, *, backwards: bool) -> str:
    values = [_plain(getattr(row, name)) for name in order.names]
    return signing.dumps(
        [order.column, order.is_descending, backwards, *values], salt="keyset", compress=False
    )


def _read(cursor: str, order: Order) -> tuple[bool, list[Any]]:
    try:
        column, descending, backwards, value, key = signing.loads(cursor, salt="keyset")
    except (signing.BadSignature, ValueError) as error:
        raise CursorError("The cursor is not one of this list.") from error
    if (column, descending) != (order.column, order.is_descending):
        raise CursorError("The cursor belongs to another order of this list.")
    return backwards, [_typed(value), UUID(key)]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    return str(value) if isinstance(value, UUID) else value


def _typed(value: Any) -> Any:
    return datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value
