"""Rules that the processes share, about any record and whoever acts."""

from typing import Any


def is_own(actor: Any, record: Any) -> bool:
    """Whether the record was made by or for the actor; who watches or approves it only follows it."""
    return actor.membership_id in (record.requester_id, record.affected_user_id)
