"""Metrics that start anew: each cycle is a clock of its own. Instants in UTC epoch seconds.

An **update** target promises that the requester hears from those who work the record at least so often. A cycle begins
when the target's clock starts, at each human comment, and when the record leaves a state that stops the clock; it
ends at the next human comment, answered, or when the record comes to such a state. A group's or provider's cycles
begin only while it has the record.

An **approval** target that is not cumulative measures each round: from an approver having the record until none has.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Literal

from sla.engine.custody import holder
from sla.engine.engagements import Engagement, party_attribute, span_index, stops
from sla.engine.starts import start_of
from sla.engine.targets import UPDATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sla.engine.engagements import Ending
    from sla.engine.targets import TargetDefinition
    from sla.engine.timeline import Attributes, Identifier, Timeline

_Cycle = tuple[int, int | None, "Ending | None"]
_Standing = Literal["owed", "away", "stopped", "cancelled"]


def in_cycles(*, followed: Iterable[Engagement], timeline: Timeline, now: int) -> Iterator[Engagement]:
    """Give each engagement whole, or cut into its cycles where its metric starts anew."""
    for engagement in followed:
        if not engagement.definition.in_cycles:
            yield engagement
            continue
        start = start_of(engagement.definition, timeline, engagement.from_at)
        if start is not None:
            yield from _cut(engagement, timeline, start, now)


def _cut(engagement: Engagement, timeline: Timeline, start: int, now: int) -> Iterator[Engagement]:
    definition, party, since = engagement.definition, engagement.party, engagement.matched_at
    horizon = now if engagement.ended_at is None else engagement.ended_at
    for begin, end, ending in _cycles(definition, timeline, start, horizon, party):
        if end is not None and end <= since:
            continue
        if engagement.ended_at is not None and begin >= horizon:
            return
        matched_at = max(begin, since)
        if end is None:
            yield Engagement(definition, party, begin, matched_at, engagement.ended_at, engagement.ending)
        else:
            yield Engagement(definition, party, begin, matched_at, end, ending)


def _cycles(
    definition: TargetDefinition, timeline: Timeline, start: int, horizon: int, party: Identifier | None
) -> Iterator[_Cycle]:
    """Give the cycles from `start` on that begin up to `horizon`, the last one perhaps without an end."""
    attribute = party_attribute(definition.kind, definition.metric)
    comments = timeline.comments if definition.metric == UPDATE else ()
    said = bisect_left(comments, start)
    begin: int | None = None
    for index in range(span_index(timeline, start), len(timeline.spans)):
        span = timeline.spans[index]
        at = max(span.start, start)
        if at > horizon:
            break
        standing = _standing(definition, span.attributes, attribute, party)
        if begin is not None and _ends(definition, standing):
            yield begin, at, "cancelled" if standing == "cancelled" else "answered"
            begin = None
        if begin is None and standing == "owed":
            begin = at
        while said < len(comments) and (span.end is None or comments[said] < span.end):
            at = comments[said]
            if at > horizon:
                break
            said += 1
            if begin is not None and begin < at:
                yield begin, at, "answered"
                begin = None
            if begin is None and standing == "owed":
                begin = at
    if begin is not None:
        yield begin, None, None


def _standing(
    definition: TargetDefinition, attributes: Attributes, attribute: str | None, party: Identifier | None
) -> _Standing:
    if stops(definition, attributes):
        return "stopped"
    if attributes.phase == "cancelled":
        return "cancelled"
    if attribute is not None and getattr(attributes, attribute) != party:
        return "away"
    if definition.metric != UPDATE and holder(attributes)[0] != "approver":
        return "away"
    return "owed"


def _ends(definition: TargetDefinition, standing: _Standing) -> bool:
    """Tell whether a cycle ends; one of updates outlasts the record's being elsewhere, where it is paused."""
    return standing != "owed" and (standing != "away" or definition.metric != UPDATE)
