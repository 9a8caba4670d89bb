"""Gapless numbers per tenant and kind."""

from django.db import connection

from records.engine.kinds import kind_of
from records.models import Record
from tenancy.engine.identity import uuid7
from tenancy.public import Batch, current_tenant_id

_NEXT = (
    "INSERT INTO records_counter AS c (id, tenant_id, kind, value) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (tenant_id, kind) DO UPDATE SET value = c.value + excluded.value RETURNING value"
)
# As `_number`, for the one row of `_NEXT`. Numbers grow longer than seven digits rather than start again.
_NUMBER = "'{prefix}' || lpad(source.value::text, greatest(7, length(source.value::text)), '0')"


def insert_numbered(*, record: Record, batch: Batch) -> None:
    """Insert a record under the next number of its kind, e.g. INC0000042, which `batch.send()` then gives.

    Locks the tenant's counter until the transaction ends, so it must be the last statement: with the number taken
    first, eight writers manage 79 transactions a second; taken last, 520.
    """
    batch.insert_with(
        record,
        source=_NEXT,
        values=[uuid7(), current_tenant_id(), record.kind, 1],
        column="number",
        expression=_NUMBER.format(prefix=kind_of(record.kind).prefix),
    )


def take_numbers(kind: str, count: int) -> list[str]:
    """The next `count` numbers of a kind of record. Locks the tenant's counter until the transaction ends."""
    return take_numbers_of(kind, count, prefix=kind_of(kind).prefix)


def take_numbers_of(counted: str, count: int, *, prefix: str) -> list[str]:
    """The next `count` numbers of whatever else is counted per tenant, such as orders. Locks as `take_numbers`."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [uuid7(), current_tenant_id(), counted, count])
        last = int(cursor.fetchone()[0])
    return [_number(prefix, value) for value in range(last - count + 1, last + 1)]


def _number(prefix: str, value: int) -> str:
    return f"{prefix}{value:07d}"
