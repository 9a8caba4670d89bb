"""Keeping the figures up with what happens, message by message."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from outbox.public import Delivered
from reporting.services.refresh import refresh_records

SUBSCRIBER = "figures"
# Records refreshed in one transaction, each under a lock.
AT_ONCE = 100
FOLLOWED_KINDS = frozenset(
    {
        *(
            f"incident.{word}"
            for word in (
                "opened",
                "assigned",
                "pended",
                "resumed",
                "commented",
                "classified",
                "resolved",
                "reopened",
                "closed",
                "cancelled",
                "changed",
            )
        ),
        "clock.breached",
        "clocks.remeasured",
        "dispute.ruled",
        "history.imported",
    }
)


def follow(message: Delivered) -> None:
    """Outbox handler: see `follow_all`."""
    follow_all([message])


def follow_all(messages: Sequence[Delivered]) -> Mapping[int, Exception]:
    """Outbox handler of several messages of the tenant in scope: bring their records' figures up to now.

    What is computed is what the audit says, not what the messages say, so any of them may come again or too late.
    """
    keys = sorted({key for message in messages for key in _records_of(message)})
    now = max(message.at for message in messages)
    for start in range(0, len(keys), AT_ONCE):
        refresh_records(keys=keys[start : start + AT_ONCE], now=now)
    return {}


def _records_of(message: Delivered) -> list[UUID]:
    imported = [UUID(key) for key in message.payload.get("records", ())]
    return [message.record_id, *imported] if message.record_id else imported
