"""Random histories and targets on the oracle's grid."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sla.engine import Change, TargetDefinition
from tests.sla.oracle import TICK

# Friday 2 January 2026 12:00 UTC: lunch, a weekend and a holiday are ahead.
OPENED = 1_767_355_200
SPAN = 5 * 48
# Changes fall on a coarser grid, as durations do, so that stops and pauses often hit a due instant.
_COARSE = 4

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
def facts(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what one change changes."""
    found: dict[str, Any] = {}
    for aspect in draw(
        st.lists(st.sampled_from(("state", "state", "who", "what", "where", "side")), max_size=2)
    ):
        if aspect == "state":
            found["state"], found["phase"] = draw(st.sampled_from(_STATES))
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
            found["approver"] = draw(st.sampled_from((None, None, "boss")))
    return found


@st.composite
def histories(draw: st.DrawFn) -> list[Change]:
    """Draw a record's changes, several of which may share an instant."""
    first = {
        "kind": "incident",
        "state": "new",
        "phase": "open",
        "priority": draw(st.sampled_from((1, 2, 3))),
        "origin": draw(st.sampled_from((None, "old-tool"))),
    }
    changes = [Change(OPENED, 0, first | draw(facts()), "raise")]
    for seq, tick in enumerate(sorted(draw(st.lists(st.integers(0, SPAN // _COARSE), max_size=10))), start=1):
        verb = draw(st.sampled_from(("update", "update", "incident:comment")))
        changes.append(Change(OPENED + tick * _COARSE * TICK, seq, draw(facts()), verb, draw(st.booleans())))
    return changes


@st.composite
def targets(draw: st.DrawFn) -> list[TargetDefinition]:
    """Draw targets of all kinds, some edited during the record's life."""
    found: list[TargetDefinition] = []
    for order in range(draw(st.integers(1, 6))):
        common: dict[str, Any] = {
            "code": f"T{order}",
            "kind": draw(st.sampled_from(("sla", "sla", "ola", "uc"))),
            "metric": draw(st.sampled_from(("response", "resolution"))),
            "calendar": draw(st.sampled_from(("office", "always"))),
            "scope": {
                name: frozenset(draw(st.lists(st.sampled_from(_VALUES[name]), max_size=2)))
                for name in draw(st.lists(st.sampled_from(sorted(_VALUES)), max_size=3, unique=True))
            },
            "stop_on": draw(
                st.sampled_from(
                    (
                        frozenset({"resolved"}),
                        frozenset({"closed"}),
                        frozenset({"responded:comment", "responded:assigned"}),
                        frozenset({"responded:assigned", "in_progress"}),
                    )
                )
            ),
            "pause_on": draw(
                st.sampled_from((frozenset(), frozenset({"pending"}), frozenset({"pending_provider"})))
            ),
            "warn_at": (25, 50, 75),
            "cumulative": draw(st.booleans()),
        }
        durations = st.sampled_from((1, 1, 2, 3, 6, 16)).map(lambda count: count * _COARSE * TICK)
        edited_at = draw(
            st.none() | st.integers(0, SPAN // _COARSE).map(lambda tick: OPENED + tick * _COARSE * TICK)
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


def instants() -> st.SearchStrategy[int]:
    """Draw an instant on the grid, from the opening to some time after the last change."""
    return st.integers(0, SPAN + 48).map(lambda tick: OPENED + tick * TICK)
