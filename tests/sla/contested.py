"""A record that a supplier held too long, for disputes to be about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from records.models import Record
from sla.public import TargetTerms, define_target
from sla.services.contest import Contest
from tests.reporting.lives import MONDAY_TEN, resolved_after
from tests.support.world import LONG_AGO, World

HOUR = timedelta(hours=1)
# The network group had it from ten past ten to four in the afternoon.
TAKEN = MONDAY_TEN + timedelta(minutes=10)
RESOLVED = MONDAY_TEN + 6 * HOUR
NEXT_DAY = MONDAY_TEN + timedelta(days=1)
LUNCH = (datetime(2026, 11, 16, 12, 0, tzinfo=UTC), datetime(2026, 11, 16, 14, 0, tzinfo=UTC))


def held_too_long(world: World) -> Record:
    """Resolved by the supplier in 5 h 50 min where its contract and agreement promise four of office hours."""
    for kind in ("uc", "ola"):
        define_target(
            code=f"{kind}-network",
            name=f"Network {kind}",
            terms=TargetTerms(
                kind=kind,
                metric="resolution",
                duration=4 * 3600,
                calendar=world.calendar,
                scope={"provider": [str(world.supplier.pk)]},
                stop_on=("resolved",),
            ),
            effective_from=LONG_AGO,
        )
    return resolved_after(world, hours=6)


def said(record: Record, **more: Any) -> Contest:
    """That two hours at lunch time were the requester's."""
    plain: dict[str, Any] = {
        "number": record.number,
        "grounds": "We waited for the requester",
        "evidence": "Our ticket NC-881 shows two calls that nobody answered.",
        "started_at": LUNCH[0],
        "ended_at": LUNCH[1],
        "claimed_kind": "requester",
    }
    return Contest(**plain | more)


def verdict_of(record: Record, target: str = "uc-network") -> Contest:
    """That the promise was not broken."""
    return Contest(number=record.number, grounds="Met", evidence="See the log.", target=target)
