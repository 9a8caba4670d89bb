"""Steps of a record's life while they are put together, in order of time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from transition.engine.history import ActorKind, HistoricEntry
from transition.engine.mapping import FINAL_STATES, NOTES, PENDING_STATES, Actors, Choice
from transition.engine.patterns import fits_any

RESTING_STATES = frozenset({"resolved", *FINAL_STATES})


@dataclass(slots=True)
class Step:
    """One step; ``facts`` may still shrink."""

    at: int
    actor: str = ""
    facts: dict[str, Choice | None] = field(default_factory=dict)


def pin_state(steps: list[Step], *, states: frozenset[str], at: int) -> None:
    """Move the last step into one of ``states`` to the instant ``at`` that a column tells, or add it.

    State steps that the log has between the told instant and the old one are dropped, for the record was in
    the told state by then. The step stays before the one that follows it. The opening, the first step, is
    never touched.
    """
    moves = [place for place, step in enumerate(steps) if place and "state" in step.facts]
    last = next((place for place in reversed(moves) if steps[place].facts["state"] in states), None)
    if last is None:
        ever = max(at, steps[moves[-1]].at) if moves and states == frozenset(FINAL_STATES) else at
        name = "closed" if "closed" in states else "resolved"
        insert_step(steps, Step(max(ever, steps[0].at), steps[-1].actor, {"state": name}))
        return
    following = next((steps[place] for place in moves if place > last), None)
    told = max(at, steps[0].at) if following is None else min(max(at, steps[0].at), following.at)
    old = steps[last]
    if told == old.at:
        return
    pinned = Step(told, old.actor, {"state": old.facts.pop("state")})
    for place in moves:
        if place < last and steps[place].at > told:
            del steps[place].facts["state"]
    insert_step(steps, pinned, before=following)


def insert_step(steps: list[Step], step: Step, *, before: Step | None = None) -> None:
    """Put ``step`` in its place by time, after those of the same instant but ahead of ``before``."""
    for place, other in enumerate(steps):
        if other is before or other.at > step.at:
            steps.insert(place, step)
            return
    steps.append(step)


def changes_only(steps: list[Step]) -> None:
    """Take from each step the facts that held already."""
    current: dict[str, Choice | None] = {}
    for step in steps:
        step.facts = {
            name: value for name, value in step.facts.items() if name in NOTES or current.get(name) != value
        }
        current.update(step.facts)


def entries_of(steps: Iterable[Step], *, actors: Actors, requester: str) -> tuple[HistoricEntry, ...]:
    """The entries of a record: steps that change nothing are left out, facts that hold already as well."""
    current: dict[str, Choice | None] = {}
    entries: list[HistoricEntry] = []
    for step in steps:
        facts = {
            name: value for name, value in step.facts.items() if name in NOTES or current.get(name) != value
        }
        kind = actor_kind(step.actor, actors, requester)
        notes = {name: facts.pop(name) for name in NOTES if entries and name in facts}
        # A comment is an entry of its own: that is what a response is told by.
        entries += [
            HistoricEntry(step.at, step.actor, name, {name: text}, kind) for name, text in notes.items()
        ]
        if not facts and entries:
            continue
        verb = verb_of(current, facts) if entries else "raise"
        current.update(facts)
        entries.append(HistoricEntry(step.at, step.actor, verb, facts, kind))
    return tuple(entries)


def actor_kind(actor: str, actors: Actors, requester: str) -> ActorKind:
    """Whether a person of theirs who acts is a machine, the requester, or someone who works the record."""
    if actor and fits_any(actors.system, actor):
        return "system"
    if actor and (actor == requester or fits_any(actors.requester, actor)):
        return "requester"
    return "agent"


def verb_of(current: Mapping[str, Choice | None], facts: Mapping[str, Choice | None]) -> str:
    """What a change of ``facts`` amounts to in a record that is as ``current`` says."""
    if "state" in facts:
        return _state_verb(current.get("state"), facts["state"])
    if "support_group" in facts or "assignee" in facts:
        return "assign"
    return "update"


def _state_verb(old: Choice | None, new: Choice | None) -> str:
    named = {"resolved": "resolve", "closed": "close", "cancelled": "cancel", "assigned": "assign"}
    if old in RESTING_STATES and new not in RESTING_STATES:
        return "reopen"
    if new in PENDING_STATES:
        return "pend"
    if old in PENDING_STATES and new in {"new", "assigned", "in_progress"}:
        return "resume"
    return named.get(str(new), "start" if new == "in_progress" else "update")
