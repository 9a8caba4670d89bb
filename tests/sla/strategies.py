"""Random histories and targets on the oracle's grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from sla.engine import Change, TargetDefinition
from tests.sla.oracle import TICK

# Friday 2 January 2026 12:00 UTC: lunch, a weekend and a holiday are ahead.
OPENED = 1_767_355_200
# Fridays before London's clocks go forward (29 March 2026) and back (25 October), 12:00 UTC.
SPRING = 1_774_612_800
AUTUMN = 1_792_756_800
SPAN = 5 * 48
# Changes fall on a coarser grid, as durations do, so that stops and pauses often hit a due instant.
_COARSE = 4
_SHORT = 6

_STATES = (
    ("new", "open"),
    ("in_progress", "open"),
    ("pending_requester", "pending"),
    ("pending_provider", "pending"),
    ("resolved", "resolved"),
    ("closed", "closed"),
    ("cancelled", "cancelled"),
)
_ORGANISATIONS = {"area": ("group", "agency", "area"), "agency": ("group", "agency"), "group": ("group",)}
_VALUES: dict[str, tuple[Any, ...]] = {
    "priority": (1, 2, 3),
    "service": ("mail", "maps"),
    "support_group": ("desk", "network"),
    "provider": ("us", "them"),
    "organisation": tuple(_ORGANISATIONS),
    "kind": ("incident",),
    "origin": ("old-tool",),
}


@st.composite
def facts(draw: st.DrawFn, opened: int = OPENED) -> dict[str, Any]:
    """Draw what one change changes."""
    found: dict[str, Any] = {}
    for aspect in draw(
        st.lists(st.sampled_from(("state", "state", "who", "what", "where", "side")), max_size=2)
    ):
        if aspect == "state":
            found["state"], found["phase"] = draw(st.sampled_from(_STATES))
            found["pending_until"] = None
            if found["phase"] == "pending":
                promised = st.integers(-8, SPAN + 96).map(lambda tick: opened + tick * TICK)
                found["pending_until"] = draw(st.none() | promised)
        elif aspect == "who":
            found["support_group"] = draw(st.sampled_from((None, "desk", "network")))
            found["provider"] = draw(st.sampled_from(("us", "them")))
            found["assignee"] = draw(st.sampled_from((None, "ann", "bob")))
        elif aspect == "what":
            found["priority"] = draw(st.sampled_from((1, 2, 3)))
            found["service"] = draw(st.sampled_from(("mail", "maps")))
        elif aspect == "where":
            found["organisation"] = draw(st.sampled_from(sorted(_ORGANISATIONS)))
            found["organisation_path"] = _ORGANISATIONS[found["organisation"]]
        else:
            found["on_wire"] = draw(st.booleans())
            found["approver"] = draw(st.sampled_from((None, None, "boss", "deputy")))
    return found


def _drawn_to(focus: str) -> st.SearchStrategy[dict[str, Any]]:
    """Give the facts that a change of a focused history brings time and again."""
    working = {"state": "in_progress", "phase": "open", "pending_until": None}
    pending = {"state": "pending_provider", "phase": "pending"}
    resolved = {"state": "resolved", "phase": "resolved", "pending_until": None}
    closed = {"state": "closed", "phase": "closed", "pending_until": None}
    told: dict[str, list[dict[str, Any]]] = {
        "update": [{}, {}, {}, working, resolved, {"priority": 1}, {"priority": 2}],
        "approval": [
            {"approver": "boss"},
            {"approver": "deputy"},
            {"approver": None},
            resolved,
            closed,
            working,
        ],
        "waiting": [working, resolved, {"priority": 1}, {"priority": 2}],
    }
    if focus != "waiting":
        return st.sampled_from(told[focus])
    soon = st.integers(0, _SHORT + 2).map(lambda tick: OPENED + tick * _COARSE * TICK)
    return st.sampled_from(told[focus]) | st.builds(lambda until: pending | {"pending_until": until}, soon)


@st.composite
def focused(draw: st.DrawFn, focus: str) -> list[Change]:
    """Draw a history full of what one metric or pause hangs on, many changes sharing an instant."""
    first = {"kind": "incident", "state": "new", "phase": "open", "priority": 1}
    changes = [Change(OPENED, 0, first | draw(_drawn_to(focus)), "raise")]
    ticks = draw(st.lists(st.integers(0, _SHORT), max_size=8))
    for seq, tick in enumerate(sorted(ticks), start=1):
        verb = draw(st.sampled_from(("update", "incident:comment")))
        changes.append(Change(OPENED + tick * _COARSE * TICK, seq, draw(_drawn_to(focus)), verb))
    return changes


@st.composite
def focused_targets(draw: st.DrawFn, focus: str) -> list[TargetDefinition]:
    """Draw one target of a kind for each of two priorities, or one for both."""
    scopes = draw(st.sampled_from((({},), ({"priority": frozenset({1})}, {"priority": frozenset({2})}))))
    metric = draw(st.sampled_from(("resolution", "update"))) if focus == "waiting" else focus
    return [
        TargetDefinition(
            id=f"T{order}",
            code=f"T{order}",
            kind="sla",
            metric=metric,
            duration=draw(st.sampled_from((1, 2, 4))) * _COARSE * TICK,
            calendar=draw(st.sampled_from(("always", "office"))),
            scope=scope,
            start_on=draw(st.sampled_from(("opened", "opened", "in_progress")))
            if metric == "update"
            else "opened",
            stop_on=draw(st.sampled_from(_STOPS[:2])),
            pause_on=frozenset({"pending"}),
            pause_until=True,
            warn_at=(25, 50, 75),
            cumulative=draw(st.booleans()),
            created_order=order,
        )
        for order, scope in enumerate(scopes)
    ]


@st.composite
def histories(draw: st.DrawFn, opened: int = OPENED) -> list[Change]:
    """Draw a record's changes, several of which may share an instant."""
    first = {
        "kind": "incident",
        "state": "new",
        "phase": "open",
        "priority": draw(st.sampled_from((1, 2, 3))),
        "origin": draw(st.sampled_from((None, "old-tool"))),
    }
    changes = [Change(opened, 0, first | draw(facts(opened)), "raise")]
    for seq, tick in enumerate(sorted(draw(st.lists(st.integers(0, SPAN // _COARSE), max_size=10))), start=1):
        verb = draw(st.sampled_from(("update", "update", "incident:comment")))
        at = opened + tick * _COARSE * TICK
        changes.append(Change(at, seq, draw(facts(opened)), verb, draw(st.booleans())))
    return changes


_STOPS = (
    frozenset({"resolved"}),
    frozenset({"closed"}),
    frozenset({"responded:comment", "responded:assigned"}),
    frozenset({"responded:assigned", "in_progress"}),
)
_PAUSES: tuple[frozenset[str], ...] = (
    frozenset(),
    frozenset({"pending"}),
    frozenset({"pending_provider"}),
    frozenset({"holder:requester"}),
    frozenset({"holder:approver", "holder:wire"}),
    frozenset({"holder:unassigned", "pending"}),
    frozenset({"group:network", "holder:requester"}),
    frozenset({"provider:them", "pending_requester"}),
)
_METRICS = ("response", "resolution", "update", "fulfilment", "approval")


@st.composite
def terms(draw: st.DrawFn) -> dict[str, Any]:
    """Draw kind, metric, and what starts, stops and pauses; only what makes sense together."""
    metric = draw(st.sampled_from(_METRICS))
    is_approval = metric == "approval"
    stops = _STOPS[:2] if metric in ("update", "approval") else _STOPS
    starts = ("opened",) if is_approval else ("opened", "opened", "in_progress", "responded:assigned")
    pauses = [rules for rules in _PAUSES if not (is_approval and "holder:approver" in rules)]
    return {
        "kind": draw(st.sampled_from(("sla", "sla", "ola") if is_approval else ("sla", "sla", "ola", "uc"))),
        "metric": metric,
        "start_on": draw(st.sampled_from(starts)),
        "stop_on": draw(st.sampled_from(stops)),
        "pause_on": draw(st.sampled_from(pauses)),
        "pause_until": draw(st.booleans()),
        "calendar": draw(st.sampled_from(("office", "always", "london"))),
        "cumulative": draw(st.booleans()),
    }


@st.composite
def targets(draw: st.DrawFn, opened: int = OPENED) -> list[TargetDefinition]:
    """Draw targets of all kinds, some edited during the record's life."""
    found: list[TargetDefinition] = []
    for order in range(draw(st.integers(1, 6))):
        common: dict[str, Any] = {
            "code": f"T{order}",
            "scope": {
                name: frozenset(draw(st.lists(st.sampled_from(_VALUES[name]), max_size=2)))
                for name in draw(st.lists(st.sampled_from(sorted(_VALUES)), max_size=3, unique=True))
            },
            "warn_at": (25, 50, 75),
        } | draw(terms())
        durations = st.sampled_from((1, 1, 2, 3, 6, 16)).map(lambda count: count * _COARSE * TICK)
        edited_at = draw(
            st.none() | st.integers(0, SPAN // _COARSE).map(lambda tick: opened + tick * _COARSE * TICK)
        )
        found.append(
            TargetDefinition(
                id=f"T{order}v1",
                duration=draw(durations),
                effective_to=edited_at,
                created_order=2 * order,
                **common,
            )
        )
        if edited_at is not None:
            found.append(
                TargetDefinition(
                    id=f"T{order}v2",
                    duration=draw(durations),
                    effective_from=edited_at,
                    created_order=2 * order + 1,
                    **common,
                )
            )
    return found


def instants(opened: int = OPENED) -> st.SearchStrategy[int]:
    """Draw an instant on the grid, from the opening to some time after the last change."""
    return st.integers(0, SPAN + 48).map(lambda tick: opened + tick * TICK)


@dataclass(frozen=True)
class Scene:
    """A record's history, the targets that measure it, and the instant at which somebody looks."""

    history: list[Change]
    definitions: list[TargetDefinition]
    now: int


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Draw a scene in winter, or over a week-end on which the clocks change."""
    opened = draw(st.sampled_from((OPENED, SPRING, AUTUMN)))
    return Scene(draw(histories(opened)), draw(targets(opened)), draw(instants(opened)))


@st.composite
def focused_scenes(draw: st.DrawFn) -> Scene:
    """Draw a short scene that is all about one thing, on so coarse a grid that instants often fall together."""
    focus = draw(st.sampled_from(("update", "approval", "waiting")))
    now = OPENED + draw(st.integers(0, _SHORT + 2)) * _COARSE * TICK
    return Scene(draw(focused(focus)), draw(focused_targets(focus)), now)
