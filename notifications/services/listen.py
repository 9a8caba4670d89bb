"""Letting a page listen to what its reader may see."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext

from lifecycle.public import ForbiddenError
from notifications.live.tokens import MAX_TOPICS, desk_topic, group_topic, record_topic, sign_listener
from people.public import Actor
from records.public import get_record_by_id


def live_topics(actor: Actor) -> list[str]:
    """The topics of the actor's queues: its groups', and the whole desk's for those who see every record.

    A provider's people get their own groups' only; end users none.
    """
    if actor.reach == "own":
        return []
    groups = sorted(group_topic(actor.tenant_id, group) for group in actor.group_ids)
    whole = [desk_topic(actor.tenant_id)] if actor.reach in ("all", "system") else []
    return [*whole, *groups][:MAX_TOPICS]


def live_token(actor: Actor, topics: Iterable[str]) -> str:
    """A token for `/live/desk/?token=…`, to connect with within ten minutes.

    `topics` are some of `live_topics(actor)`, and `live_record_topic` of records the actor may see.
    Raises ForbiddenError when the actor may not hear one of them, whatever the reason.
    """
    wanted = set(topics)
    own = set(live_topics(actor))
    if len(wanted) > MAX_TOPICS or not all(
        topic in own or _is_visible_record(actor, topic) for topic in wanted
    ):
        raise ForbiddenError(gettext("You cannot listen to this."), permission="desk:use")
    return sign_listener(
        tenant_id=actor.tenant_id, person=str(actor.membership_id or actor.client_id), topics=wanted
    )


def live_record_topic(actor: Actor, record_id: UUID) -> str:
    """The topic of one record, for a page that shows it."""
    return record_topic(actor.tenant_id, record_id)


def _is_visible_record(actor: Actor, topic: str) -> bool:
    prefix = record_topic(actor.tenant_id, "")
    if not topic.startswith(prefix):
        return False
    try:
        record_id = UUID(topic.removeprefix(prefix))
    except ValueError:
        return False
    return str(record_id) == topic.removeprefix(prefix) and get_record_by_id(actor, record_id) is not None
