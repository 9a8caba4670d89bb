"""Sealing the audit: a hash over each run of new rows, chained, so that a row altered later no longer fits.

Runs every few seconds beside the writers: chaining inside each write cost seven times the throughput. Rows are read
by transaction watermark, so a late commit is never left out.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from tenancy.models import Seal

GENESIS = "0" * 64
BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Stream:
    """A kind of audit rows: their table and the columns that are sealed, in order."""

    name: str
    table: str
    columns: tuple[str, ...]


# Column lists are part of the seal: a new column belongs to a new stream.
MACHINE = Stream(
    "machine",
    "tenancy_machineentry",
    ("id", "at", "xid", "table_name", "row_id", "operation", "actor", "changes"),
)
_streams: dict[str, Stream] = {MACHINE.name: MACHINE}


def register_stream(stream: Stream) -> None:
    """Have another append-only table sealed. It needs `tenant_id`, `xid` and `id`. Called once, from `apps.py`."""
    _streams[stream.name] = stream


def streams() -> tuple[Stream, ...]:
    """Every sealed stream."""
    return tuple(_streams.values())


@dataclass(frozen=True, slots=True)
class Fault:
    """An audit row, by its key, that is not as it was sealed; or a seal that is itself wrong (key "")."""

    stream: str
    sequence: int
    row: str
    reason: str


# A row may be newer than the last seal of its tenant, or have none before it. The look-ups are two index probes each.
_NEW = """
EXISTS (
  SELECT 1 FROM {table} r
  WHERE r.tenant_id = t.id AND r.xid < h.xmin AND r.xid >= coalesce((
    SELECT s.upto_xid FROM tenancy_seal s WHERE s.tenant_id = t.id AND s.stream = '{name}'
    ORDER BY s.sequence DESC LIMIT 1), 0))
"""


def tenants_to_seal() -> list[int]:
    """The tenants with rows to be sealed, found in one statement: most are quiet. Run in the worker's scope."""
    anything_new = " OR ".join(_NEW.format(table=each.table, name=each.name) for each in streams())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.id FROM tenancy_tenant t,"  # noqa: S608  streams are constants
            " (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin) h"
            f" WHERE {anything_new} ORDER BY t.id"
        )
        return [key for (key,) in cursor.fetchall()]


def seal_new_rows(*, tenant_id: int, at: datetime) -> int:
    """Seal what was written in a tenant since its last seals; returns how many rows. Run in the worker's scope.

    `at` (UTC) is noted as the time of sealing.
    """
    return sum(_seal_stream(stream, tenant_id, at) for stream in streams())


def _seal_stream(stream: Stream, tenant_id: int, at: datetime) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        lock = f"seal:{stream.name}:{tenant_id}"
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 11))", [lock])
        if not cursor.fetchone()[0]:
            return 0
        seals = Seal.objects.filter(tenant_id=tenant_id, stream=stream.name).order_by("-sequence")
        last = seals.only("sequence", "upto_xid", "root").first()  # a seal may list 20,000 rows
        low = last.upto_xid if last else 0
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        high = _bounded(stream, tenant_id, low, int(cursor.fetchone()[0]))
        rows = list(_rows(stream, tenant_id, low, high))
        if not rows:
            return 0
        seal = Seal(
            tenant_id=tenant_id,
            stream=stream.name,
            sequence=(last.sequence if last else 0) + 1,
            upto_xid=high,
            row_ids=[key for key, _ in rows],
            digests=b"".join(digest for _, digest in rows),
            sealed_at=at,
        )
        seal.root = _root(seal, last.root if last else GENESIS)
        Seal.objects.bulk_create([seal])
        return len(rows)


def _bounded(stream: Stream, tenant_id: int, low: int, high: int) -> int:
    """The watermark, lowered to whole transactions when there is more to seal than one batch."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT xid FROM {stream.table} WHERE tenant_id = %s AND xid >= %s AND xid < %s"  # noqa: S608  a constant
            " ORDER BY xid OFFSET %s LIMIT 1",
            [tenant_id, low, high, BATCH],
        )
        row = cursor.fetchone()
    return int(row[0]) + 1 if row else high


def _rows(stream: Stream, tenant_id: int, low: int, high: int) -> Iterator[tuple[str, bytes]]:
    """Key and digest of each row of the transactions [low, high), in sealing order."""
    columns = ", ".join(f"coalesce(t.{name}::text, chr(30))" for name in stream.columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.id::text, sha256(convert_to(concat_ws(chr(31), {columns}), 'UTF8')) FROM {stream.table} t"  # noqa: S608
            " WHERE t.tenant_id = %s AND t.xid >= %s AND t.xid < %s ORDER BY t.xid, t.id",
            [tenant_id, low, high],
        )
        for key, digest in cursor.fetchall():
            yield key, bytes(digest)


def _root(seal: Seal, previous: str) -> str:
    """The chain's next hash: over the one before and all that this seal says."""
    chained = hashlib.sha256(f"{previous}|{seal.stream}|{seal.sequence}|{seal.upto_xid}|".encode())
    chained.update("|".join(seal.row_ids).encode())
    chained.update(bytes(seal.digests))
    return chained.hexdigest()


def verify(*, tenant_id: int) -> list[Fault]:
    """Recompute every seal of a tenant and name each row that is not as sealed. Run in the worker's scope."""
    return [fault for stream in streams() for fault in _verify_stream(stream, tenant_id)]


def _verify_stream(stream: Stream, tenant_id: int) -> Iterator[Fault]:
    low, previous = 0, GENESIS
    seals = Seal.objects.filter(tenant_id=tenant_id, stream=stream.name).order_by("sequence")
    for number, seal in enumerate(seals, start=1):
        if seal.sequence != number:
            yield Fault(stream.name, number, "", "the seal is missing")
        if _root(seal, previous) != seal.root:
            yield Fault(stream.name, seal.sequence, "", "the seal itself was altered")
        digests = bytes(seal.digests)
        sealed = {key: digests[place * 32 : place * 32 + 32] for place, key in enumerate(seal.row_ids)}
        found = dict(_rows(stream, tenant_id, low, seal.upto_xid))
        for key in sorted(sealed.keys() | found.keys()):
            if key not in found:
                yield Fault(stream.name, seal.sequence, key, "the row was removed")
            elif key not in sealed:
                yield Fault(stream.name, seal.sequence, key, "the row was added after sealing")
            elif sealed[key] != found[key]:
                yield Fault(stream.name, seal.sequence, key, "the row was altered")
        # Go on from the seal as stored, so that one fault does not blame every later seal.
        low, previous = seal.upto_xid, seal.root
