"""Clocks and custody the slow and obvious way: step through time and look at the record at every tick.

Everything (changes, durations, office hours, now) lies on a grid of TICK seconds, so that stepping is exact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sla.engine import Change, TargetDefinition

TICK = 1800
_FAR = 3000

Facts = dict[str, Any]


_DEFAULTS: Facts = {
    "kind": "",
    "state": "",
    "phase": "open",
    "priority": None,
    "service": None,
    "organisation": None,
    "organisation_path": (),
    "support_group": None,
    "provider": None,
    "assignee": None,
    "requester": None,
    "approver": None,
    "on_wire": False,
    "origin": None,
    "pending_until": None,
}


def facts_at(changes: Sequence[Change], at: int) -> Facts:
    """Fold what the record is at an instant, all changes of that instant done."""
    facts = dict(_DEFAULTS)
    for change in sorted(changes, key=lambda change: (change.at, change.seq)):
        if change.at <= at:
            facts.update(change.facts)
    return facts


def opened_at(changes: Sequence[Change]) -> int:
    """When the record was opened."""
    return min(change.at for change in changes)


def holder_at(changes: Sequence[Change], at: int) -> tuple[str, Any] | None:
    """Who holds the record at an instant, None when it is closed."""
    facts = facts_at(changes, at)
    if facts["phase"] in ("closed", "cancelled"):
        return None
    if facts["on_wire"]:
        return "wire", facts["provider"]
    if facts["approver"] is not None:
        return "approver", facts["approver"]
    if facts["state"] == "pending_requester":
        return "requester", facts["requester"]
    if facts["support_group"] is not None:
        return "group", facts["support_group"]
    return "unassigned", None


@dataclass
class OracleClock:
    """What a clock ought to be."""

    target_id: Any
    party: Any
    started_at: int
    matched_at: int
    state: str = "running"
    stopped_at: int | None = None
    elapsed: int = 0
    running_since: int | None = None
    due_at: int | None = None
    reached: dict[int, int] = field(default_factory=dict)


@dataclass
class Followed:
    """A record follows a target for a while."""

    target: TargetDefinition
    party: Any
    from_at: int
    matched_at: int
    ended_at: int | None = None
    ending: str = ""


def covers(target: TargetDefinition, facts: Facts, at: int) -> bool:
    """Whether a target in force covers the record."""
    if at < target.effective_from or (target.effective_to is not None and at >= target.effective_to):
        return False
    for name, allowed in target.scope.items():
        values = {facts[name]}
        if name == "organisation":
            values |= set(facts["organisation_path"])
        if allowed and not values & set(allowed):
            return False
    return True


def best(targets: Sequence[TargetDefinition], facts: Facts, at: int) -> TargetDefinition | None:
    """Find the target that applies: knock out, rule by rule, those that are beaten."""
    order = ["origin", "service", "organisation", "support_group", "provider", "priority", "kind"]
    left = [target for target in targets if covers(target, facts, at)]
    if not left:
        return None

    def keep(score: Callable[[TargetDefinition], Any]) -> None:
        top = max(score(target) for target in left)
        left[:] = [target for target in left if score(target) == top]

    def names(target: TargetDefinition, name: str) -> bool:
        return bool(target.scope.get(name))

    keep(lambda target: names(target, "origin"))
    keep(lambda target: sum(names(target, name) for name in order))
    for name in order:
        keep(lambda target, name=name: names(target, name))  # type: ignore[misc]
    for organisation in (facts["organisation"], *reversed(facts["organisation_path"])):
        if any(organisation in target.scope.get("organisation", ()) for target in left):
            keep(lambda target, wanted=organisation: wanted in target.scope.get("organisation", ()))  # type: ignore[misc]
            break
    keep(lambda target: target.created_order)
    return left[0]


def final_stop(target: TargetDefinition, changes: Sequence[Change], from_at: int) -> int | None:
    """When the clock is stopped for good."""
    found: list[int] = []
    ordered = sorted(changes, key=lambda change: (change.at, change.seq))
    facts = dict(_DEFAULTS)
    for index, change in enumerate(ordered):
        assignee = facts["assignee"]
        facts.update(change.facts)
        at = change.at
        until = ordered[index + 1].at if index + 1 < len(ordered) else None
        if target.metric == "response" and stopping(target, facts):
            if at >= from_at:
                found.append(at)
            elif until is None or until > from_at:
                found.append(from_at)
        if at < from_at:
            continue
        if "responded:comment" in target.stop_on and change.verb.endswith("comment") and change.human:
            found.append(at)
        if "responded:assigned" in target.stop_on and facts["assignee"] not in (None, assignee):
            found.append(at)
    return min(found, default=None)


def stopping(target: TargetDefinition, facts: Facts) -> bool:
    """Whether the record is as it must be for the target's clock to be stopped."""
    return bool(target.stop_on & {facts["state"], facts["phase"]}) or facts["phase"] == "closed"


def followed(  # noqa: C901, PLR0912
    targets: Sequence[TargetDefinition],
    changes: Sequence[Change],
    now: int,
    attribute: str | None,
    party: object,
) -> list[Followed]:
    """Which targets of one kind and metric the record (or a party's holding of it) followed."""
    done: list[Followed] = []
    current: Followed | None = None
    last: Facts | None = None
    first_stay: int | None = None
    stay: int | None = None
    for at in range(opened_at(changes), now + 1, TICK):
        facts = facts_at(changes, at)
        if attribute is not None and facts[attribute] != party:
            if stay is not None and current is not None and not current.target.cumulative:
                current.ended_at, current.ending = at, "handed_over"
                done.append(current)
                current = None
            stay = None
            continue
        arrives = stay is None
        stay = at if stay is None else stay
        first_stay = at if first_stay is None else first_stay
        ask = last is None or (attribute is not None and arrives and current is None)
        if last is not None:
            changed = {name for name in facts if facts[name] != last[name]}
            if "organisation_path" in changed:
                changed.add("organisation")
            named = set(current.target.scope) if current else set()
            for target in targets:
                if target.effective_from <= at and (target.effective_to is None or at < target.effective_to):
                    named |= set(target.scope)
            ask = ask or bool(changed & named)
        last = facts
        if not ask:
            continue
        if current is not None:
            final = final_stop(current.target, changes, current.from_at)
            if final is not None and final < at:
                continue
        match = best(targets, facts, at)
        if match is (current.target if current else None):
            continue
        if current is not None:
            current.ended_at, current.ending = at, "superseded" if match else "cancelled"
            done.append(current)
            current = None
        if match is not None:
            from_at = first_stay if attribute is None or match.cumulative else stay
            current = Followed(match, party, from_at, at)
    return [*done, current] if current else done


def mode_at(  # noqa: PLR0911
    target: TargetDefinition, changes: Sequence[Change], at: int, party: object
) -> str:
    """Tell what the target's clock does at an instant."""
    facts = facts_at(changes, at)
    if stopping(target, facts):
        return "stopped"
    if facts["phase"] == "cancelled":
        return "cancelled"
    holder = holder_at(changes, at) or ("", None)
    if is_elsewhere(target, facts, holder, party):
        return "paused"
    rules = set(target.pause_on)
    if holder[0] == "group":
        if {f"group:{holder[1]}", f"provider:{facts['provider']}"} & rules:
            return "paused"
    elif holder[0] != "requester" and f"holder:{holder[0]}" in rules:
        return "paused"
    if {facts["state"], facts["phase"]} & rules or (holder[0] == "requester" and "holder:requester" in rules):
        promised = facts["pending_until"] if target.pause_until else None
        return "running" if promised is not None and at >= promised else "paused"
    return "running"


def is_elsewhere(target: TargetDefinition, facts: Facts, holder: tuple[str, Any], party: object) -> bool:
    """Whether somebody else has the record than whose time is measured."""
    if target.metric == "approval":
        return holder[0] != "approver" or (target.kind == "ola" and holder[1] != party)
    if target.kind == "ola":
        return holder != ("group", party)
    return target.kind == "uc" and (holder[0] != "group" or facts["provider"] != party)


def start_of(target: TargetDefinition, changes: Sequence[Change], from_at: int, now: int) -> int | None:
    """When the clock starts."""
    if target.metric == "approval":
        ticks = range(from_at, now + 1, TICK)
        return next((at for at in ticks if (holder_at(changes, at) or ("",))[0] == "approver"), None)
    if target.start_on == "opened":
        return from_at
    facts = dict(_DEFAULTS)
    ordered = sorted(changes, key=lambda change: (change.at, change.seq))
    for index, change in enumerate(ordered):
        assignee = facts["assignee"]
        facts.update(change.facts)
        until = ordered[index + 1].at if index + 1 < len(ordered) else None
        if target.start_on in (facts["state"], facts["phase"]) and (
            change.at >= from_at or until is None or until > from_at
        ):
            return max(change.at, from_at)
        if change.at < from_at:
            continue
        if target.start_on == "responded:comment" and change.verb.endswith("comment") and change.human:
            return change.at
        if target.start_on == "responded:assigned" and facts["assignee"] not in (None, assignee):
            return change.at
    return None


def cut(path: Followed, changes: Sequence[Change], now: int, attribute: str | None) -> list[Followed]:
    """Cut into cycles what starts anew, by looking at each tick whether one begins or ends."""
    target = path.target
    is_rounds = target.metric == "approval" and target.kind == "sla" and not target.cumulative
    if target.metric != "update" and not is_rounds:
        return [path]
    horizon = now if path.ended_at is None else path.ended_at
    start = start_of(target, changes, path.from_at, horizon)
    if start is None:
        return []
    said = {change.at for change in changes if change.verb.endswith("comment") and change.human}
    found: list[Followed] = []
    begin: int | None = None
    for at in range(start, horizon + 1, TICK):
        facts = facts_at(changes, at)
        is_here = attribute is None or facts[attribute] == path.party
        if is_rounds:
            is_here = (holder_at(changes, at) or ("",))[0] == "approver"
        is_over = stopping(target, facts) or facts["phase"] == "cancelled" or (is_rounds and not is_here)
        if begin is not None and begin < at and (is_over or (not is_rounds and at in said)):
            ending = "answered" if stopping(target, facts) or facts["phase"] != "cancelled" else "cancelled"
            found.append(Followed(target, path.party, begin, begin, at, ending))
            begin = None
        if begin is None and is_here and not is_over:
            begin = at
    if begin is not None:
        found.append(Followed(target, path.party, begin, begin, path.ended_at, path.ending))
    if path.ended_at is not None:
        found = [cycle for cycle in found if cycle.from_at < path.ended_at]
    found = [cycle for cycle in found if cycle.ended_at is None or cycle.ended_at > path.matched_at]
    for cycle in found:
        cycle.matched_at = max(cycle.from_at, path.matched_at)
    return found


def measured(  # noqa: C901, PLR0912
    path: Followed, changes: Sequence[Change], now: int, is_open: Callable[[int], bool]
) -> OracleClock | None:
    """Step through a target's time, tick by tick."""
    target = path.target
    horizon = now if path.ended_at is None else path.ended_at
    start: int | None = path.from_at
    if target.metric != "update":
        start = start_of(target, changes, path.from_at, horizon)
    if start is None or start > horizon:
        return None
    clock = OracleClock(target.id, path.party, start, path.matched_at)
    final = final_stop(target, changes, start)
    final = final if final is not None and final <= horizon else None
    horizon = horizon if final is None else final
    over = final is not None or path.ended_at is not None
    mode, mode_from = "paused", start
    for at in range(start, horizon + 1, TICK):
        if over and at == horizon:
            break
        new = mode_at(target, changes, at, path.party)
        if new != mode:
            mode, mode_from = new, at
        if mode != "running":
            continue
        for percent in (*target.warn_at, 100):
            if clock.elapsed * 100 >= target.duration * percent:
                clock.reached.setdefault(percent, at)
        if at < horizon and is_open(at):
            clock.elapsed += TICK
    if path.ending in ("superseded", "cancelled"):
        clock.state, clock.stopped_at = path.ending, path.ended_at
    elif final is not None:
        clock.state, clock.stopped_at = "stopped", final
    elif mode in ("stopped", "cancelled"):
        clock.state, clock.stopped_at = mode, mode_from
    elif path.ending:
        clock.state, clock.stopped_at = "stopped", path.ended_at
    else:
        clock.state = mode
    used, at = clock.elapsed, now
    if clock.state == "paused":
        # Nothing happens after now; but what was promised for a day comes by itself.
        known = [change for change in changes if change.at <= now]
        promised = facts_at(known, now)["pending_until"]
        if (
            promised is not None
            and promised > now
            and mode_at(target, known, promised, path.party) == "running"
        ):
            clock.state, mode_from, at = "running", promised, promised
    if clock.state == "running":
        clock.running_since = mode_from
        for _ in range(_FAR):
            for percent in (*target.warn_at, 100):
                if used * 100 >= target.duration * percent:
                    clock.reached.setdefault(percent, at)
            used += TICK * is_open(at)
            at += TICK
    return clock
