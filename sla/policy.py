"""Whose clocks an actor may see, on a record that it may see."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from people.public import Actor, directory
from sla.queries.clocks import ClockView

CONTEST, RULE = "sla:contest", "sla:rule"
# How long after its closing what a record holds against a provider may be contested.
CONTESTED_WITHIN = timedelta(days=30)


def visible_clocks(actor: Actor, views: Iterable[ClockView]) -> list[ClockView]:
    """Of a record's clocks those that the actor may see: what its own provider is measured by, and the user's promise.

    What others promised each other is not a supplier's business.
    """
    if actor.reach != "provider":
        return list(views)
    own = _own_parties(actor)
    return [view for view in views if view.kind == "sla" or view.party in own]


def may_contest(actor: Actor, *, closed_at: datetime | None, at: datetime) -> bool:
    """Whether the actor speaks for a provider that may still contest what a record holds against it."""
    return (
        actor.provider_id is not None
        and actor.may(CONTEST)
        and (closed_at is None or at <= closed_at + CONTESTED_WITHIN)
    )


def is_held_against(
    actor: Actor, view: ClockView, held: Iterable[tuple[UUID | None, datetime, datetime | None]]
) -> bool:
    """Whether a clock is breached, and by the actor's provider: its own promise, or the user's while it had the record.

    `held` is custody: provider, start and end of each stretch in which a group or the wire had the record.
    """
    if not view.is_breached or view.breached_at is None or actor.provider_id is None:
        return False
    if view.kind != "sla":
        return view.party in _own_parties(actor)
    return any(
        provider == actor.provider_id
        and start < view.breached_at
        and (end is None or view.breached_at <= end)
        for provider, start, end in held
    )


def visible_clock_rows(actor: Actor) -> Q:
    """The same as a condition on rows of clocks."""
    if actor.reach != "provider":
        return Q()
    return Q(kind="sla") | Q(party__in=_own_parties(actor))


def _own_parties(actor: Actor) -> set[UUID | None]:
    """The actor's provider, for UCs, and its provider's groups, for OLAs."""
    groups = {key for key, group in directory().groups.items() if group.provider_id == actor.provider_id}
    return {*groups, actor.provider_id} - {None}
