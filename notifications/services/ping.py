"""Telling open pages that a record changed: its id and the kind of message, never content."""

from notifications.live.publisher import publisher
from notifications.live.tokens import desk_topic, group_topic, record_topic
from notifications.queries import former_groups_of, record_of
from outbox.public import Delivered


def ping(message: Delivered) -> None:
    """Outbox handler: tell the topics of the message's record.

    A restricted record is told to its support group only. A group that the record just left hears of it too.
    Redis being away is not an error here: the delivery is done, and the message lost.
    """
    record = record_of(message)
    if record is None:
        return
    tenant = message.tenant_id
    topics = {group_topic(tenant, record.support_group_id)} if record.support_group_id else set()
    if not record.is_restricted:
        topics |= {desk_topic(tenant), record_topic(tenant, record.pk)}
        topics |= {group_topic(tenant, group) for group in former_groups_of(message)}
    if topics:
        publisher().tell(topics=topics, kind=message.kind, record_id=str(record.pk))
