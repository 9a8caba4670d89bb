"""Which target a record followed from when to when. Instants in UTC epoch seconds."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sla.engine.targets import APPROVAL, FINAL_METRIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.engine.book import TargetChain
    from sla.engine.targets import TargetDefinition
    from sla.engine.timeline import Attributes, Identifier, Segment, Timeline

Ending = Literal["superseded", "cancelled", "handed_over", "answered"]

# Whose holds a kind of target is measured on.
_PARTY_ATTRIBUTE = {"ola": "support_group", "uc": "provider"}
_start = attrgetter("start")


class Engagement(NamedTuple):
    """A record follows a target from `matched_at` on, measured from `from_at`, until `ended_at`.

    `party` is the group of an OLA (of approval: the approver) or the provider of a UC, None for an SLA. Without an
    `ending` it goes on; `handed_over` and `answered` stopped its clock.
    """

    definition: TargetDefinition
    party: Identifier | None
    from_at: int
    matched_at: int
    ended_at: int | None = None
    ending: Ending | None = None

    def ended(self, *, at: int, ending: Ending) -> Engagement:
        """Return the engagement as it stands after it ended."""
        return Engagement(self.definition, self.party, self.from_at, self.matched_at, at, ending)


def engagements(*, chain: TargetChain, timeline: Timeline, now: int) -> list[Engagement]:
    """Return the targets of a chain that a record followed up to `now`, oldest first (for each party).

    A target is matched at opening (OLA, UC: when the party first gets the record, and at each later stay that
    starts without a clock), and again when an attribute changes that a target in force names. A clock stopped
    for good keeps its target. Changes of the same second are one change.
    """
    attribute = party_attribute(chain.kind, chain.metric)
    if attribute is None:
        return _followed(chain, timeline, now, None, "")
    parties = dict.fromkeys(
        getattr(span.attributes, attribute) for span in timeline.spans if span.start <= now
    )
    return [
        engagement
        for party in parties
        if party is not None
        for engagement in _followed(chain, timeline, now, party, attribute)
    ]


def party_attribute(kind: str, metric: str) -> str | None:
    """Return the attribute that names whose holds are measured, None when the record as a whole is."""
    attribute = _PARTY_ATTRIBUTE.get(kind)
    return "approver" if attribute is not None and metric == APPROVAL else attribute


def span_index(timeline: Timeline, instant: int) -> int:
    """Return which span an instant lies in; the first for one before the opening."""
    return max(bisect_right(timeline.spans, instant, key=_start) - 1, 0)


def final_stop(*, definition: TargetDefinition, timeline: Timeline, from_at: int) -> int | None:
    """Return when a target's clock stopped for good: at a mark, for response in any stopping state too."""
    if not definition.stop_marks and definition.metric != FINAL_METRIC:
        return None
    candidates = [
        instants[index]
        for instants in _marked(definition, timeline)
        if (index := bisect_left(instants, from_at)) < len(instants)
    ]
    if definition.metric == FINAL_METRIC:
        for segment in timeline.segments:
            if segment.end is not None and segment.end <= from_at and segment.start < from_at:
                continue
            if stops(definition, segment.attributes):
                candidates.append(max(segment.start, from_at))
                break
    return min(candidates, default=None)


def stops(definition: TargetDefinition, attributes: Attributes) -> bool:
    """Tell whether such a record has the target's clock stopped; a closed one always has."""
    return attributes.state in definition.stops_in or attributes.phase in definition.stops_in


def _marked(definition: TargetDefinition, timeline: Timeline) -> Iterator[tuple[int, ...]]:
    if "responded:comment" in definition.stop_marks:
        yield timeline.comments
    if "responded:assigned" in definition.stop_marks:
        yield timeline.assignments


def _followed(
    chain: TargetChain, timeline: Timeline, now: int, party: Identifier | None, attribute: str
) -> list[Engagement]:
    path = _Path(chain, timeline, party)
    for span, stay_at, new_stay in _stays(timeline, now, party, attribute):
        if span is None:
            path.hand_over(stay_at)
        else:
            path.meet(span, stay_at=stay_at, new_stay=new_stay)
    return path.done if path.current is None else [*path.done, path.current]


class _Path:
    """The targets followed one after another, by a record or by one party's holds of it."""

    __slots__ = ("_before", "_chain", "_first_at", "_party", "_signature", "_timeline", "current", "done")

    def __init__(self, chain: TargetChain, timeline: Timeline, party: Identifier | None) -> None:
        self._chain = chain
        self._timeline = timeline
        self._party = party
        self._before: Attributes | None = None
        self._signature: tuple[Any, ...] = ()
        self._first_at: int | None = None
        self.current: Engagement | None = None
        self.done: list[Engagement] = []

    def hand_over(self, at: int) -> None:
        """End a stay: a target that measures each stay alone ends with it."""
        if self.current is not None and not self.current.definition.cumulative:
            self.done.append(self.current.ended(at=at, ending="handed_over"))
            self.current = None

    def meet(self, span: Segment, *, stay_at: int, new_stay: bool) -> None:
        """Take the record as it now is, and match it anew where that is called for."""
        before, after = self._before, span.attributes
        signature, known = self._chain.signature(after), self._signature
        self._before, self._signature = after, signature
        is_due = before is None or (new_stay and self.current is None)
        # Most steps change nothing that a target of the chain names.
        if signature == known and not is_due:
            return
        if is_due or self._matters(before or after, span):
            self._match(span, stay_at)

    def _matters(self, before: Attributes, span: Segment) -> bool:
        followed = None if self.current is None else self.current.definition
        return self._chain.matters(before=before, after=span.attributes, at=span.start, current=followed)

    def _match(self, span: Segment, stay_at: int) -> None:
        at, current = span.start, self.current
        self._first_at = stay_at if self._first_at is None else self._first_at
        if current is not None and _stopped_before(current, self._timeline, at):
            return
        match = self._chain.match(attributes=span.attributes, at=at)
        if match is (None if current is None else current.definition):
            return
        if current is not None:
            self.done.append(current.ended(at=at, ending="cancelled" if match is None else "superseded"))
        self.current = None
        if match is not None:
            from_at = self._first_at if self._party is None or match.cumulative else stay_at
            self.current = Engagement(match, self._party, from_at, at)


def _stays(
    timeline: Timeline, now: int, party: Identifier | None, attribute: str
) -> Iterator[tuple[Segment | None, int, bool]]:
    """Yield the spans in which the party has the record, each with its stay's start and if the stay is new.

    When a stay ends, None is yielded with that instant. An SLA, which has no party, has one stay: all of it.
    """
    stay_at: int | None = None
    for span in timeline.spans:
        if span.start > now:
            return
        if party is None or getattr(span.attributes, attribute) == party:
            new_stay = stay_at is None
            stay_at = span.start if stay_at is None else stay_at
            yield span, stay_at, new_stay
        elif stay_at is not None:
            stay_at = None
            yield None, span.start, False


def _stopped_before(engagement: Engagement, timeline: Timeline, at: int) -> bool:
    stopped_at = final_stop(definition=engagement.definition, timeline=timeline, from_at=engagement.from_at)
    return stopped_at is not None and stopped_at < at
