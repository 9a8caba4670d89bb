"""The executor of tasks, against a slow model that walks one task at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.engine.graph import Node, held_up, is_finished, neighbours, releasable

STATES = ("waiting", "ready", "in_progress", "failed", "done", "skipped")


@st.composite
def graphs(draw: st.DrawFn) -> list[Node]:
    """Some tasks, each after earlier ones, some replaced by others that wait for the same."""
    nodes: list[Node] = []
    for number in range(draw(st.integers(1, 8))):
        after = draw(st.sets(st.sampled_from([node.key for node in nodes]), max_size=3)) if nodes else set()
        nodes.append(Node(f"t{number}", draw(st.sampled_from(STATES)), tuple(sorted(after))))
    for node in list(nodes):
        if node.state == "failed" and draw(st.booleans()):
            nodes.append(  # noqa: PERF401  each draws
                Node(f"{node.key}-new", draw(st.sampled_from(STATES)), node.after, node.key)
            )
    return draw(st.permutations(nodes))


def ended(key: str, nodes: list[Node]) -> bool:
    """Slow: whether a task, or whatever took its place, has ended."""
    (node,) = [each for each in nodes if each.key == key]
    instead = [each for each in nodes if each.replaces == key]
    return ended(instead[0].key, nodes) if instead else node.state in ("done", "skipped")


def stuck(key: str, nodes: list[Node]) -> bool:
    """Slow: whether a task failed, or waits for one that is stuck."""
    instead = [each for each in nodes if each.replaces == key]
    if instead:
        return stuck(instead[0].key, nodes)
    (node,) = [each for each in nodes if each.key == key]
    if node.state == "waiting":
        return any(stuck(before, nodes) for before in node.after)
    return node.state in ("failed", "cancelled")


@given(graphs())
def test_what_may_begin_and_what_is_held_up(nodes: list[Node]) -> None:
    waiting = [node for node in nodes if node.state == "waiting"]
    assert releasable(nodes) == [n.key for n in waiting if all(ended(before, nodes) for before in n.after)]
    assert is_finished(nodes) == all(ended(node.key, nodes) for node in nodes)
    assert held_up(nodes) == [n.key for n in waiting if any(stuck(before, nodes) for before in n.after)]


@given(graphs(), st.randoms(use_true_random=False))
def test_every_plan_comes_to_its_end(nodes: list[Node], chance: object) -> None:
    """Whatever is released is done in any order; a failed one is skipped: all ends, and never before what it needs."""
    now = {node.key: node for node in nodes if not node.replaces}
    now = {key: Node(key, "waiting", node.after) for key, node in now.items()}
    while not is_finished(now.values()):
        free = releasable(now.values())
        assert free
        key = chance.choice(free)  # type: ignore[attr-defined]
        assert all(now[before].state in ("done", "skipped") for before in now[key].after)
        now[key] = Node(key, chance.choice(("done", "skipped")), now[key].after)  # type: ignore[attr-defined]


def test_a_failed_task_holds_up_only_those_after_it() -> None:
    nodes = [
        Node("a", "failed"),
        Node("b", "waiting", ("a",)),
        Node("c", "done"),
        Node("d", "waiting", ("c",)),
    ]
    assert held_up(nodes) == ["b"]
    assert releasable(nodes) == ["d"]
    again = [*nodes, Node("a2", "done", (), "a")]
    assert held_up(again) == []
    assert releasable(again) == ["b", "d"]


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("a", [], ["c~2"]),
        ("b", [], ["c~2"]),
        # What took a task's place waits, and is waited for, as that was.
        ("c~2", ["a", "b"], ["d"]),
        ("d", ["c~2"], []),
        ("e", [], []),
        ("unknown", [], []),
    ],
)
def test_neighbours_are_what_stands_in_the_place_now(key: str, before: list[str], after: list[str]) -> None:
    nodes = [
        Node("a", "done"),
        Node("b", "ready"),
        Node("c", "cancelled", ("a", "b")),
        Node("c~2", "waiting", ("a", "b"), replaces="c"),
        Node("d", "waiting", ("c",)),
        Node("e", "ready"),
    ]
    assert neighbours(nodes, key) == (before, after)


def test_what_took_the_place_of_a_task_holds_up_whoever_waits_for_that_task() -> None:
    nodes = [
        Node("first", "failed"),
        Node("old", "cancelled", ("first",)),
        Node("new", "waiting", ("first",), "old"),
        Node("last", "waiting", ("old",)),
    ]
    assert held_up(nodes) == ["new", "last"]
