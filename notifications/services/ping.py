"""Telling open pages that a record changed: its id and the kind of message, never content."""

from collections.abc import Mapping, Sequence

from notifications.live.publisher import publisher
from notifications.live.tokens import desk_topic, group_topic, record_topic
from notifications.queries import Audience, audiences_of, former_group_of, steps_of_messages
from outbox.public import Delivered
from records.models import AuditEntry


def ping(message: Delivered) -> None:
    """Outbox handler: tell the topics of the message's record. See `ping_all`."""
    ping_all([message])


def ping_all(messages: Sequence[Delivered]) -> Mapping[int, Exception]:
    """Outbox handler of several messages of the tenant in scope: tell the topics of each one's record.

    A restricted record is told to its support group only. A group that the record just left hears of it too.
    Redis being away is not an error here: the delivery is done, and the message lost.
    """
    audiences = audiences_of(messages)
    # A new record has left no group.
    steps = steps_of_messages(each for each in messages if not each.kind.endswith(".opened"))
    for message in messages:
        audience = audiences.get(message.record_id) if message.record_id else None
        topics = _topics(message.tenant_id, audience, steps.get(message.message_id)) if audience else set()
        if topics:
            publisher().tell(topics=topics, kind=message.kind, record_id=str(message.record_id))
    return {}


def _topics(tenant: int, audience: Audience, step: AuditEntry | None) -> set[str]:
    group = audience.support_group_id
    topics = {group_topic(tenant, group)} if group else set()
    if not audience.is_restricted:
        topics |= {desk_topic(tenant), record_topic(tenant, audience.id)}
        left = former_group_of(step)
        if left:
            topics.add(group_topic(tenant, left))
    return topics
