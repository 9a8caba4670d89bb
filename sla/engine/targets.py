"""Targets, and which of them applies to a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from sla.engine.errors import TargetDefinitionError
from sla.engine.pauses import check_pauses, holders_in, states_in
from tenancy.engine.words import say

if TYPE_CHECKING:
    from sla.engine.pauses import PauseHolder
    from sla.engine.timeline import Attributes

TargetKind = Literal["sla", "ola", "uc"]

METRICS = ("response", "update", "resolution", "fulfilment", "approval")

# Most telling first: decides between two targets that name equally many attributes.
SCOPE_ATTRIBUTES = (
    "origin",
    "service",
    "offering",
    "category",
    "ci_class",
    "organisation",
    "support_group",
    "provider",
    "priority",
    "kind",
)
MARKS = frozenset({"responded:comment", "responded:assigned"})
FINAL_METRIC = "response"
UPDATE = "update"
APPROVAL = "approval"
OPENED = "opened"

_KINDS = ("sla", "ola", "uc")
_HIGHEST_WARNING = 99


@dataclass(frozen=True)
class TargetDefinition:
    """One version of a target, in force in [effective_from, effective_to) (UTC epoch seconds).

    `scope` maps an attribute (SCOPE_ATTRIBUTES) to the values it allows; an attribute not named, or with no
    values, is not asked. `stop_on` and `pause_on` name states or phases; `stop_on` may also name the marks
    `responded:comment` and `responded:assigned`, `pause_on` also holders (`sla.engine.pauses`); closing always
    stops. With `pause_until` a pause for something that was promised for an instant ends at that instant.
    `start_on` is `opened`, or a state, a phase or a mark from whose first coming the clock runs. `duration` is
    in open seconds of the calendar named by key, `warn_at` in percent of it. `cumulative` adds up the holds of
    a group (OLA) or provider (UC), or the rounds of an approval; without it each stay or round is measured
    alone. What the metrics mean is in `sla.engine.cycles` and `measurement`. Raises TargetDefinitionError.
    """

    id: str | int
    code: str
    kind: TargetKind
    metric: str
    duration: int
    calendar: str
    scope: Mapping[str, frozenset[Any]] = field(default_factory=dict)
    start_on: str = OPENED
    stop_on: frozenset[str] = frozenset({"resolved"})
    pause_on: frozenset[str] = frozenset()
    warn_at: tuple[int, ...] = (50, 75, 90)
    cumulative: bool = True
    effective_from: int = 0
    effective_to: int | None = None
    created_order: int = 0
    pause_until: bool = False

    #: What the specificity of two targets is compared by; see `best_match`.
    rank: tuple[int, int] = field(init=False, repr=False, compare=False, default=(0, 0))
    #: The states and phases in which the clock stands; closed is always among them.
    stops_in: frozenset[str] = field(init=False, repr=False, compare=False, default=frozenset())
    stop_marks: frozenset[str] = field(init=False, repr=False, compare=False, default=frozenset())
    #: What of `pause_on` are states and phases, and what are holders.
    pause_states: frozenset[str] = field(init=False, repr=False, compare=False, default=frozenset())
    pause_holders: frozenset[PauseHolder] = field(init=False, repr=False, compare=False, default=frozenset())
    thresholds: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False, default=())
    #: Whether each cycle (of updates) or round (of approval) is a clock of its own.
    in_cycles: bool = field(init=False, repr=False, compare=False, default=False)
    BREACH_PERCENT: ClassVar[int] = 100

    def __post_init__(self) -> None:
        self._check()
        scope = {name: frozenset(values) for name, values in self.scope.items() if values}
        weight = sum(1 << (len(SCOPE_ATTRIBUTES) - SCOPE_ATTRIBUTES.index(name)) for name in scope)
        percents = sorted({*self.warn_at, self.BREACH_PERCENT})
        derived: dict[str, object] = {
            "scope": scope,
            "stop_on": frozenset(self.stop_on),
            "pause_on": frozenset(self.pause_on),
            "warn_at": tuple(sorted(set(self.warn_at))),
            "rank": (len(scope) + (len(SCOPE_ATTRIBUTES) if "origin" in scope else 0), weight),
            "stops_in": (frozenset(self.stop_on) - MARKS) | {"closed"},
            "stop_marks": frozenset(self.stop_on) & MARKS,
            "pause_states": states_in(self.pause_on),
            "pause_holders": holders_in(self.pause_on),
            "in_cycles": self.metric == UPDATE
            or (self.metric == APPROVAL and self.kind == "sla" and not self.cumulative),
            "thresholds": tuple((percent, -(-self.duration * percent // 100)) for percent in percents),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    def __hash__(self) -> int:
        return hash((self.id, self.effective_from))

    def in_force(self, instant: int) -> bool:
        """Tell whether this version is in force at an instant."""
        return self.effective_from <= instant and (self.effective_to is None or instant < self.effective_to)

    def covers(self, attributes: Attributes) -> bool:
        """Tell whether a record that is as given lies in the target's scope."""
        for name, allowed in self.scope.items():
            if name == "organisation":
                if attributes.organisation not in allowed and allowed.isdisjoint(
                    attributes.organisation_path
                ):
                    return False
            elif getattr(attributes, name) not in allowed:
                return False
        return True

    def _check(self) -> None:
        if self.kind not in _KINDS:
            raise TargetDefinitionError(
                "kind", say("%(kind)s is none of %(kinds)s", kind=repr(self.kind), kinds=", ".join(_KINDS))
            )
        if self.metric not in METRICS:
            raise TargetDefinitionError(
                "metric",
                say(
                    "%(metric)s is none of %(metrics)s", metric=repr(self.metric), metrics=", ".join(METRICS)
                ),
            )
        if self.duration <= 0:
            raise TargetDefinitionError("duration", say("must be more than no time"))
        for name in self.scope:
            if name not in SCOPE_ATTRIBUTES:
                raise TargetDefinitionError(
                    f"scope.{name}",
                    say("is none of %(scope_attributes)s", scope_attributes=", ".join(SCOPE_ATTRIBUTES)),
                )
        for percent in self.warn_at:
            if not 1 <= percent <= _HIGHEST_WARNING:
                raise TargetDefinitionError(
                    "warn_at",
                    say(
                        "%(percent)s is no percentage from 1 to %(highest_warning)s; 100 is the breach itself",
                        percent=percent,
                        highest_warning=_HIGHEST_WARNING,
                    ),
                )
        if len(set(self.warn_at)) != len(self.warn_at):
            raise TargetDefinitionError("warn_at", say("names a percentage twice; each point is told once"))
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise TargetDefinitionError("effective_to", say("lies before effective_from"))
        self._check_what_moves_the_clock()
        self._check_metric()

    def _check_what_moves_the_clock(self) -> None:
        if not self.stop_on:
            raise TargetDefinitionError("stop_on", say("must name what stops the clock"))
        for name, tokens in (("start_on", frozenset({self.start_on})), ("stop_on", frozenset(self.stop_on))):
            for token in sorted(tokens - MARKS):
                if ":" in token or not token:
                    raise TargetDefinitionError(
                        name,
                        say(
                            "%(token)s cannot stand here; use a state, a phase or %(marks)s",
                            token=repr(token),
                            marks=" or ".join(sorted(MARKS)),
                        ),
                    )
        check_pauses(self.pause_on)
        both = sorted(frozenset(self.pause_on) & (frozenset(self.stop_on) | {"closed"}))
        if both:
            raise TargetDefinitionError(
                "pause_on", say("%(both)s stops the clock, so it cannot pause it as well", both=repr(both[0]))
            )

    def _check_metric(self) -> None:
        marks = sorted(frozenset(self.stop_on) & MARKS)
        if self.metric == UPDATE and marks:
            raise TargetDefinitionError(
                "stop_on",
                say(
                    "%(marks)s cannot stop an update target, whose cycles each comment ends by "
                    "itself; name the states or phases in which no update is owed",
                    marks=repr(marks[0]),
                ),
            )
        if self.metric == APPROVAL:
            self._check_approval(marks)

    def _check_approval(self, marks: list[str]) -> None:
        if self.kind == "uc":
            raise TargetDefinitionError(
                "kind",
                say("an approval is given by a person of the tenant, never under a contract; use sla or ola"),
            )
        if self.start_on != OPENED:
            raise TargetDefinitionError(
                "start_on", say("an approval is measured from being asked for; leave it at 'opened'")
            )
        if marks:
            raise TargetDefinitionError(
                "stop_on", say("%(marks)s is no approval; name states or phases", marks=repr(marks[0]))
            )
        if ("approver", None) in holders_in(self.pause_on):
            raise TargetDefinitionError(
                "pause_on", say("'holder:approver' would pause an approval for as long as it is measured")
            )


def best_match(
    *, definitions: Iterable[TargetDefinition], attributes: Attributes, at: int
) -> TargetDefinition | None:
    """Return the most specific target in force at `at` that covers the record, None if none does.

    More specific is, in this order: it names where the record came from, for what was promised then is what it
    is measured by; it names more attributes; it names the more telling ones
    (SCOPE_ATTRIBUTES, service first); it names an organisation nearer to the record's own. Between equals the
    newest (`created_order`, then `effective_from`, then id) applies.
    """
    best: TargetDefinition | None = None
    best_key: tuple[Any, ...] = ()
    for definition in definitions:
        if definition.in_force(at) and definition.covers(attributes):
            nearness = _nearness(definition, attributes)
            age = (definition.created_order, definition.effective_from, str(definition.id))
            key = (*definition.rank, nearness, *age)
            if best is None or key > best_key:
                best, best_key = definition, key
    return best


def _nearness(definition: TargetDefinition, attributes: Attributes) -> int:
    """Return how deep among the record's organisations the target's lies; the record's own is deepest."""
    allowed = definition.scope.get("organisation")
    if allowed is None:
        return 0
    path = attributes.organisation_path
    if attributes.organisation in allowed:
        return len(path) + 1
    return max(
        (depth for depth, organisation in enumerate(path, start=1) if organisation in allowed), default=0
    )
