"""What a group would find on being handed an incident."""

from datetime import datetime

from desk.engine.outlook import hand_over_in_words
from people.public import Actor, find_group
from records.models import Record
from sla.public import budget_on_hand_over


def hand_over_hint(actor: Actor, record: Record, group_code: str, now: datetime) -> str:
    """What time the group with this code would have for a record at `now` (UTC); "" where there is nothing to tell.

    A supplier's people are told of their own groups only: what others promised is not their business.
    """
    group = find_group(group_code)
    if group is None or not actor.may("sla:read"):
        return ""
    is_own = actor.provider_id is not None and group.provider_id == actor.provider_id
    if actor.reach == "provider" and not is_own:
        return ""
    return hand_over_in_words(budget_on_hand_over(record, group, now), group=group.name, is_own=is_own)
