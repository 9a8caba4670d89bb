"""Tasks that wait for each other: which may begin, which are held up, and when all is done."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

# A task that was replaced stays in the list with its own state; who waited for it waits for what took its place.
ENDED = ("done", "skipped")
OPEN = ("waiting", "ready", "in_progress", "failed")


@dataclass(frozen=True, slots=True)
class Node:
    """A task as the executor sees it. `key` and `after` are codes; `replaces` is the code of the task before it."""

    key: str
    state: str
    after: tuple[str, ...] = ()
    replaces: str = ""


def releasable(nodes: Iterable[Node]) -> list[str]:
    """The waiting tasks for which everything they wait for has ended, in the order given."""
    found = list(nodes)
    ended = _ended(found)
    return [node.key for node in found if node.state == "waiting" and ended.issuperset(node.after)]


def is_finished(nodes: Iterable[Node]) -> bool:
    """Whether nothing is left to do: everything ended, or was replaced by what did."""
    found = list(nodes)
    ended = _ended(found)
    return all(node.key in ended for node in found)


def held_up(nodes: Iterable[Node]) -> list[str]:
    """The waiting tasks that a failed or cancelled task keeps from beginning, directly or through others."""
    found = list(nodes)
    current = _current(found)
    stuck = {key for key, node in current.items() if node.state in ("failed", "cancelled")}
    changed = True
    while changed:
        # By the codes that others wait for: what took the place of one holds up whoever waits for that one.
        more = {
            key
            for key, node in current.items()
            if node.state == "waiting" and key not in stuck and not stuck.isdisjoint(node.after)
        }
        stuck |= more
        changed = bool(more)
    return [node.key for node in found if node.state == "waiting" and node.key in stuck]


def neighbours(nodes: Iterable[Node], key: str) -> tuple[list[str], list[str]]:
    """The tasks that one waits for, and those that wait for it: each by what stands in its place now."""
    current = _current(list(nodes))
    if key not in current:
        return [], []
    before = [current[code].key for code in current[key].after if code in current]
    # Whoever waits for what this task took the place of, waits for this one.
    mine = {code for code, node in current.items() if node.key == key}
    after = [code for code, node in current.items() if node.key == code and not mine.isdisjoint(node.after)]
    return list(dict.fromkeys(before)), after


def _current(nodes: Collection[Node]) -> Mapping[str, Node]:
    """For each task the one that stands in its place now: itself, or the last of those that replaced it."""
    by_key = {node.key: node for node in nodes}
    instead = {node.replaces: node.key for node in nodes if node.replaces}
    current = {}
    for key in by_key:
        place = key
        while place in instead:
            place = instead[place]
        current[key] = by_key[place]
    return current


def _ended(nodes: Collection[Node]) -> set[str]:
    return {key for key, node in _current(nodes).items() if node.state in ENDED}
