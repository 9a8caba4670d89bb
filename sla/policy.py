"""Whose clocks an actor may see, on a record that it may see."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from people.public import Actor, directory
from sla.queries.clocks import ClockView


def visible_clocks(actor: Actor, views: Iterable[ClockView]) -> list[ClockView]:
    """Of a record's clocks those that the actor may see: what its own provider is measured by, and the user's promise.

    What others promised each other is not a supplier's business.
    """
    if actor.reach != "provider":
        return list(views)
    own = _own_parties(actor)
    return [view for view in views if view.kind == "sla" or view.party in own]


def visible_clock_rows(actor: Actor) -> Q:
    """The same as a condition on rows of clocks."""
    if actor.reach != "provider":
        return Q()
    return Q(kind="sla") | Q(party__in=_own_parties(actor))


def _own_parties(actor: Actor) -> set[UUID | None]:
    """The actor's provider, for UCs, and its provider's groups, for OLAs."""
    groups = {key for key, group in directory().groups.items() if group.provider_id == actor.provider_id}
    return {*groups, actor.provider_id} - {None}
