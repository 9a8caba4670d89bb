"""What time a provider has for a record that it holds, or would be handed. The record was seen before."""

from collections.abc import Iterable
from datetime import datetime

from people.models import SupportGroup
from records.models import Record
from records.public import kind_of, steps_of
from sla import engine
from sla.engine import Budget, Change
from sla.queries.clocks import ClockView
from sla.services.book import definitions
from sla.services.history import changes_of, seconds


def budget_of(record: Record, views: Iterable[ClockView]) -> Budget | None:
    """What time the group that holds the record has for it, from all its clocks as they stand."""
    return engine.budget(clocks=views, group=record.support_group_id, provider=record.provider_id)


def budget_on_hand_over(record: Record, group: SupportGroup, now: datetime) -> Budget | None:
    """What time a group would have, were it handed the record at `now` (UTC): as if the step had been taken."""
    held, at = definitions(), seconds(now)
    changes = changes_of(record, steps_of(record.pk), held.parents)
    lifecycle = kind_of(record.kind).lifecycle
    state = lifecycle.transitions["assign"].target
    facts = {
        "support_group": str(group.pk),
        "provider": str(group.provider_id),
        "state": state,
        "phase": lifecycle.phase(state),
    }
    line = engine.timeline([*changes, Change(at, record.version + 1, facts)])
    clocks = engine.compute_clocks(timeline=line, definitions=held.book, calendars=held.calendars, now=at)
    return engine.budget(clocks=clocks, group=str(group.pk), provider=str(group.provider_id))
