"""Where the boxes and arrows of a fulfilment plan lie in a picture: what begins at once left, what waits to the right.

A task stands one level beyond the last that it waits for. An arrow past several levels has a lane between their boxes,
one for all that leaves a task. What is waited for anyway, through another task, has no arrow of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import accumulate, pairwise
from textwrap import wrap
from typing import NamedTuple

BOX, HIGH, GAP, APART, MARGIN = 210, 84, 60, 16, 8
_LANE = 2
_NAME_LETTERS, _NOTE_LETTERS, _NAME_LINES = 25, 31, 2
_FIRST_LINE, _NAME_STEP, _NOTE_STEP = 21, 17, 16
_SEEN_AT_ONCE = 480
_MOST_ARROWS, _MOST_LANES = 1500, 4000
_SWEEPS = 3

# A place in a column: a task's box in the column of its level, its lane in those to the right of it.
_Place = tuple[str, int]
_Columns = list[list[_Place]]
_Links = Mapping[_Place, Sequence[_Place]]


@dataclass(frozen=True, slots=True)
class Sketch:
    """A task to be drawn: its name, notes below it, the codes of tasks before it, whether only under a condition."""

    code: str
    name: str
    notes: tuple[str, ...]
    after: tuple[str, ...]
    is_conditional: bool


class Text(NamedTuple):
    """A line of words in a box, so far below its top; `kind` is "name" or "note"."""

    kind: str
    words: str
    y: int


class Box(NamedTuple):
    """A task: its top left corner, its whole name, and the words that fit."""

    code: str
    x: int
    y: int
    name: str
    texts: tuple[Text, ...]
    is_conditional: bool


class Arrow(NamedTuple):
    """From a task to one that waits for it, through these points: bent and straight, in turns."""

    before: str
    after: str
    points: tuple[tuple[int, int], ...]

    @property
    def path(self) -> str:
        """The `d` of an SVG path."""
        (x, y), *_rest = self.points
        parts = [f"M{x} {y}"]
        for number, ((x1, y1), (x2, y2)) in enumerate(pairwise(self.points)):
            middle = (x1 + x2) // 2
            parts.append(f"H{x2}" if number % 2 or y1 == y2 else f"C{middle} {y1} {middle} {y2} {x2} {y2}")
        return "".join(parts)


class Picture(NamedTuple):
    """Boxes and arrows on a sheet; `is_cut` where there are more arrows than one could follow."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    is_cut: bool

    @property
    def box_width(self) -> int:
        """How wide every box is."""
        return BOX

    @property
    def box_height(self) -> int:
        """How high every box is."""
        return HIGH

    @property
    def inner_width(self) -> int:
        """How wide a box is within its frame."""
        return BOX - 2

    @property
    def inner_height(self) -> int:
        """How high a box is within its frame."""
        return HIGH - 2

    @property
    def is_partly_conditional(self) -> bool:
        """Whether some task is done only under a condition."""
        return any(box.is_conditional for box in self.boxes)


def draw(sketches: Sequence[Sketch]) -> Picture:
    """Tasks that wait for each other without a circle, as they were written."""
    known = {each.code for each in sketches}
    needs = {each.code: [code for code in each.after if code in known] for each in sketches}
    order = list(TopologicalSorter(needs).static_order())
    levels: dict[str, int] = {}
    for code in order:
        levels[code] = max((levels[before] + 1 for before in needs[code]), default=0)
    ways, is_cut = _ways(_needed(order, needs), levels)
    columns, before, after = _columns([each.code for each in sketches], levels, ways)
    _untangle(columns, before, after)
    middle = _heights(columns, before, after, levels)
    highest = min((y - HIGH / 2 for (code, k), y in middle.items() if levels[code] == k), default=0.0)
    highest = min([highest, *middle.values()])
    y_of = {place: round(y - highest) + MARGIN for place, y in middle.items()}
    boxes = tuple(_box(each, levels[each.code], y_of[each.code, levels[each.code]]) for each in sketches)
    lowest = max([*(box.y + HIGH for box in boxes), *y_of.values()], default=0)
    width = max((box.x + BOX for box in boxes), default=0) + MARGIN
    return Picture(width, lowest + MARGIN, boxes, tuple(_arrow(way, y_of) for way in ways), is_cut)


def _needed(order: Sequence[str], needs: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What each task waits for but for what another of these waits for already. Sets are bits of a number."""
    bit = {code: 1 << place for place, code in enumerate(order)}
    above: dict[str, int] = {}
    found = {}
    for code in order:
        anyway = 0
        for before in needs[code]:
            anyway |= above[before]
        found[code] = [before for before in dict.fromkeys(needs[code]) if not anyway & bit[before]]
        above[code] = anyway | sum(bit[before] for before in found[code])
    return found


def _ways(needs: Mapping[str, Sequence[str]], levels: Mapping[str, int]) -> tuple[list[list[_Place]], bool]:
    """The places that each arrow goes through, short arrows first; and whether some are left out."""
    pairs = [(before, code) for code, found in needs.items() for before in found]
    pairs.sort(key=lambda pair: levels[pair[1]] - levels[pair[0]])
    lanes: set[_Place] = set()
    ways = []
    for before, code in pairs[:_MOST_ARROWS]:
        between = [(before, level) for level in range(levels[before] + 1, levels[code])]
        if len(lanes) + len(between) > _MOST_LANES:
            break
        lanes.update(between)
        ways.append([(before, levels[before]), *between, (code, levels[code])])
    return ways, len(ways) < len(pairs)


def _columns(
    codes: Sequence[str], levels: Mapping[str, int], ways: Iterable[Sequence[_Place]]
) -> tuple[_Columns, _Links, _Links]:
    """The places of each level, as the tasks were written; and those that are linked with a place on either side."""
    places = {(code, levels[code]): None for code in codes}
    before: dict[_Place, dict[_Place, None]] = defaultdict(dict)
    after: dict[_Place, dict[_Place, None]] = defaultdict(dict)
    for way in ways:
        for left, right in pairwise(way):
            before[right][left] = after[left][right] = None
        places |= dict.fromkeys(way)
    columns: _Columns = [[] for _ in range(max(levels.values(), default=-1) + 1)]
    for place in places:
        columns[place[1]].append(place)
    return (
        columns,
        {place: tuple(linked) for place, linked in before.items()},
        {place: tuple(linked) for place, linked in after.items()},
    )


def _untangle(columns: _Columns, before: _Links, after: _Links) -> None:
    """Put each column into the order of what its places are linked with, either side in turns: few arrows cross."""
    at = {place: float(number) for column in columns for number, place in enumerate(column)}
    for _ in range(_SWEEPS):
        for side, way in ((after, reversed(columns)), (before, iter(columns))):
            for column in way:
                wanted = {place: _mean(side.get(place, ()), at, at[place]) for place in column}
                column.sort(key=wanted.__getitem__)
                at |= {place: float(number) for number, place in enumerate(column)}


def _heights(
    columns: _Columns, before: _Links, after: _Links, levels: Mapping[str, int]
) -> dict[_Place, float]:
    """The middle of each place: as near as can be to those it is linked with, nothing on top of anything."""
    y: dict[_Place, float] = {}
    offsets = []
    for column in columns:
        high = [HIGH if levels[code] == level else _LANE for code, level in column]
        steps = ((one + other) / 2 + APART for one, other in pairwise(high))
        offsets.append(list(accumulate(steps, initial=0.0)))
        y |= dict(zip(column, offsets[-1], strict=True))
    both = list(zip(columns, offsets, strict=True))
    for side, way in ((before, both), (after, both[::-1]), (before, both)):
        for column, spaced in way:
            wanted = [_mean(side.get(place, ()), y, y[place]) for place in column]
            y |= dict(zip(column, _spread(wanted, spaced), strict=True))
    if y and max(y.values()) - min(y.values()) > _SEEN_AT_ONCE:
        # What begins stands no lower than the first that waits for it: one looks at the top left corner first.
        for column, spaced in reversed(both):
            wanted = [min((y[each] for each in after.get(place, ())), default=y[place]) for place in column]
            y |= dict(zip(column, _spread(wanted, spaced), strict=True))
    return y


def _mean(places: Sequence[_Place], at: Mapping[_Place, float], otherwise: float) -> float:
    return sum(at[place] for place in places) / len(places) if places else otherwise


def _spread(wanted: Sequence[float], offsets: Sequence[float]) -> list[float]:
    """Heights in this order, each at least as far below the one before as the offsets are, and none needlessly far.

    Of all such heights those with the least squares of distances: those that push each other move as one block.
    """
    blocks: list[tuple[float, int]] = []
    for height, offset in zip(wanted, offsets, strict=True):
        mean, count = height - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, more = blocks.pop()
            mean, count = (mean * count + other * more) / (count + more), count + more
        blocks.append((mean, count))
    means = [mean for mean, count in blocks for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _left(level: int) -> int:
    return MARGIN + level * (BOX + GAP)


def _box(sketch: Sketch, level: int, middle: int) -> Box:
    lines = wrap(sketch.name, _NAME_LETTERS, max_lines=_NAME_LINES, placeholder="…", break_on_hyphens=False)
    texts = [
        *(("name", line, _NAME_STEP) for line in lines),
        *(("note", _short(note), _NOTE_STEP) for note in sketch.notes if note),
    ]
    room = sum(step for _kind, _words, step in texts[1:])
    y = _FIRST_LINE + (HIGH - 2 * _FIRST_LINE + 10 - room) // 2
    placed = []
    for number, (kind, words, step) in enumerate(texts):
        y += step if number else 0
        placed.append(Text(kind, words, y))
    return Box(
        sketch.code, _left(level), middle - HIGH // 2, sketch.name, tuple(placed), sketch.is_conditional
    )


def _short(note: str) -> str:
    return note if len(note) <= _NOTE_LETTERS else f"{note[: _NOTE_LETTERS - 1].rstrip()}…"


def _arrow(way: Sequence[_Place], y_of: Mapping[_Place, int]) -> Arrow:
    first, last = way[0], way[-1]
    points = [(_left(first[1]) + BOX, y_of[first])]
    for lane in way[1:-1]:
        points += [(_left(lane[1]), y_of[lane]), (_left(lane[1]) + BOX, y_of[lane])]
    return Arrow(first[0], last[0], (*points, (_left(last[1]), y_of[last])))
