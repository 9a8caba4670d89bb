"""Where the clock of a target starts. Instants in UTC epoch seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.engine.custody import holder
from sla.engine.targets import APPROVAL, MARKS, OPENED
from sla.engine.timeline import TERMINAL_PHASES

if TYPE_CHECKING:
    from sla.engine.targets import TargetDefinition
    from sla.engine.timeline import Timeline


def start_of(definition: TargetDefinition, timeline: Timeline, from_at: int) -> int | None:
    """Return when the clock starts: at once, or when its state, phase or mark first comes.

    An approval starts when an approver first has the record.
    """
    start_on = definition.start_on
    if definition.metric == APPROVAL:
        return _first_asked(timeline, from_at)
    if start_on == OPENED:
        return from_at
    if start_on in MARKS:
        instants = timeline.comments if start_on == "responded:comment" else timeline.assignments
        return next((at for at in instants if at >= from_at), None)
    for segment in timeline.segments:
        if segment.end is not None and segment.end <= from_at and segment.start < from_at:
            continue
        if start_on in (segment.attributes.state, segment.attributes.phase):
            return max(segment.start, from_at)
    return None


def _first_asked(timeline: Timeline, from_at: int) -> int | None:
    for span in timeline.spans:
        if span.end is not None and span.end <= from_at:
            continue
        if span.attributes.phase not in TERMINAL_PHASES and holder(span.attributes)[0] == "approver":
            return max(span.start, from_at)
    return None
