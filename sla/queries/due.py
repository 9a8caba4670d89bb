"""What comes due when."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from records.models import Record
from sla.models import Clock
from tenancy.engine.scope import platform_scope

# A list sorted by due time needs a value in every row; keyset pages cannot compare with nothing.
NEVER_DUE = datetime(9999, 1, 1, tzinfo=UTC)
PROMISED = ("sla",)


def next_breach(now: datetime) -> datetime | None:
    """When the tenant's next running SLA clock comes due after `now` (UTC)."""
    row = Clock.objects.filter(kind="sla", state="running", due_at__gt=now).order_by("due_at").first()
    return row.due_at if row else None


def due_before(
    records: QuerySet[Record], instant: datetime, *, kinds: Sequence[str] = PROMISED
) -> QuerySet[Record]:
    """Of `records`, those with a running clock that is due before `instant` (UTC), breached ones included.

    `kinds` are the kinds of target that count: what was promised to the user, unless said.
    """
    # One look-up per record: a list of all that is due, of whatever group, is longer than most pages and every count.
    clocks = _running(kinds).filter(record=OuterRef("pk"), due_at__lt=instant)
    return records.alias(due=Subquery(clocks.values("pk")[:1])).filter(due__isnull=False)


def soonest_due(records: QuerySet[Record], instant: datetime) -> QuerySet[Clock]:
    """For each of `records` that `due_before` gives, its running SLA clock that is due first; the soonest first.

    For counting to a limit: it walks along what is due, which is little where all is well and soon enough where not.
    """
    running = Clock.objects.filter(kind="sla", state="running")
    mine = records.order_by().filter(pk=OuterRef("record_id")).values("pk")[:1]
    sooner = running.filter(record=OuterRef("record_id")).filter(
        Q(due_at__lt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), pk__lt=OuterRef("pk"))
    )
    return (
        running.filter(due_at__lt=instant)
        .alias(mine=Subquery(mine), sooner=Subquery(sooner.values("pk")[:1]))
        .filter(mine__isnull=False, sooner__isnull=True)
        .order_by("due_at")
    )


def with_next_due(records: QuerySet[Record], *, kinds: Sequence[str] = PROMISED) -> QuerySet[Record]:
    """`records` with `next_due_at`: when their first running clock comes due, `NEVER_DUE` where none runs.

    `kinds` are the kinds of target that count: what was promised to the user, unless said.
    """
    clocks = _running(kinds).filter(record=OuterRef("pk"), due_at__isnull=False)
    first = Subquery(clocks.order_by("due_at").values("due_at")[:1])
    return records.annotate(next_due_at=Coalesce(first, Value(NEVER_DUE)))


def _running(kinds: Sequence[str]) -> QuerySet[Clock]:
    clocks = Clock.objects.filter(state="running")
    # One kind by itself has an index of its own.
    return clocks.filter(kind=kinds[0]) if len(kinds) == 1 else clocks.filter(kind__in=list(kinds))


def sweep_lag_seconds() -> float:
    """Seconds that the oldest warning or breach yet to tell is overdue, over all tenants."""
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(extract(epoch FROM now() - min(next_fire_at)), 0)::float FROM sla_clock"
            " WHERE next_fire_at <= now()"
        )
        return float(cursor.fetchone()[0])
