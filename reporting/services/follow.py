"""Keeping the figures up with what happens, message by message."""

from collections.abc import Mapping, Sequence

from outbox.public import Delivered
from reporting.services.refresh import refresh_records

SUBSCRIBER = "figures"
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
        "dispute.ruled",
    }
)


def follow(message: Delivered) -> None:
    """Outbox handler: see `follow_all`."""
    follow_all([message])


def follow_all(messages: Sequence[Delivered]) -> Mapping[int, Exception]:
    """Outbox handler of several messages of the tenant in scope: bring their records' figures up to now.

    What is computed is what the audit says, not what the messages say, so any of them may come again or too late.
    """
    keys = {message.record_id for message in messages if message.record_id}
    refresh_records(keys=keys, now=max(message.at for message in messages))
    return {}
