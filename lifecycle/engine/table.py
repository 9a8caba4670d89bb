"""Life cycles as data: states with their phase, and the steps between them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from lifecycle.engine.errors import ForbiddenError, IllegalStepError, MissingFieldError, RuleError
from tenancy.engine.words import say

PHASES = ("open", "pending", "resolved", "closed")


class MayAct(Protocol):
    """Whoever acts, as far as a life cycle cares."""

    def may(self, permission: str) -> bool:
        """Whether a role carries the permission."""
        ...


# Says why a step is refused on this record just now, or "" when it is not.
Guard = Callable[[Any, Any], str]


@dataclass(frozen=True, slots=True)
class State:
    """A state, the phase that cross-process screens use, and its words for people."""

    name: str
    phase: str
    label: str


@dataclass(frozen=True, slots=True)
class Transition:
    """A step: `name` leads from one of `sources` to `target` ("" stays in the state)."""

    name: str
    sources: tuple[str, ...]
    target: str
    label: str
    permission: str
    guards: tuple[Guard, ...] = ()
    required_fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as offered to an actor on a record: allowed, or refused with the reason."""

    name: str
    label: str
    target: str
    allowed: bool
    reason: str
    required_fields: tuple[str, ...]


class Lifecycle:
    """The states and steps of one kind of record."""

    def __init__(self, kind: str, states: tuple[State, ...], transitions: tuple[Transition, ...]) -> None:
        self.kind = kind
        self.states: Mapping[str, State] = {state.name: state for state in states}
        self.transitions: Mapping[str, Transition] = {step.name: step for step in transitions}
        self._by_source = {
            name: tuple(step for step in transitions if name in step.sources) for name in self.states
        }
        for step in transitions:
            unknown = ({*step.sources, step.target} - {""}) - set(self.states)
            if unknown:
                raise ValueError(f"{kind}: step {step.name} names unknown states {sorted(unknown)}")

    def phase(self, state: str) -> str:
        """The phase of a state."""
        return self.states[state].phase

    def available(self, record: Any, actor: MayAct) -> tuple[Offer, ...]:
        """Every step that leads on from the record's state, allowed or refused with a reason.

        Steps that the actor's roles do not carry at all are left out: they are not theirs to see.
        """
        offers = []
        for step in self._by_source[record.state]:
            if not actor.may(step.permission):
                continue
            reason = next((why for guard in step.guards if (why := guard(record, actor))), "")
            offers.append(Offer(step.name, step.label, step.target, not reason, reason, step.required_fields))
        return tuple(offers)

    def check(self, record: Any, actor: MayAct, name: str, given: Mapping[str, Any]) -> Transition:
        """The step `name`, if the actor may take it on this record now with the fields given.

        Raises IllegalStepError, ForbiddenError, RuleError (a guard's reason) or MissingFieldError, in that order.
        """
        step = self.transitions[name]
        if record.state not in step.sources:
            state = say(self.states[record.state].label).lower()
            allowed = tuple(offer.name for offer in self.available(record, actor) if offer.allowed)
            raise IllegalStepError(
                say(
                    "%(label)s is not possible: the %(kind)s is %(state)s.",
                    label=repr(say(step.label)),
                    kind=say(self.kind),
                    state=state,
                ),
                state=record.state,
                action=name,
                allowed=allowed,
            )
        if not actor.may(step.permission):
            raise ForbiddenError(
                say(
                    "%(label)s needs the permission %(permission)s.",
                    label=repr(say(step.label)),
                    permission=step.permission,
                ),
                permission=step.permission,
            )
        for guard in step.guards:
            if why := guard(record, actor):
                raise RuleError(why)
        missing = {
            field: say("This is needed for the step.")
            for field in step.required_fields
            if not given.get(field)
        }
        if missing:
            raise MissingFieldError(
                say("%(label)s needs %(missing)s.", label=repr(say(step.label)), missing=", ".join(missing)),
                fields=missing,
            )
        return step
