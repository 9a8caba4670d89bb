"""Where the boxes and lines of a composition lie in a picture: services left, their parts to the right."""

from __future__ import annotations

from typing import NamedTuple

from sla.engine.composition.landscape import Group, Landscape

BOX, ROW, HIGH, GAP, MARGIN = 210, 58, 42, 56, 4
_LETTERS = 27
_MOST_BOXES = 60


class Box(NamedTuple):
    """A part: top left corner, name (whole, and as it fits), a note below, and whether it lies on the slow chain."""

    x: int
    y: int
    name: str
    short: str
    note: str
    kind: str
    is_slow: bool

    @property
    def text_x(self) -> int:
        """Where its words begin."""
        return self.x + 10

    @property
    def name_y(self) -> int:
        """The line of its name."""
        return self.y + (18 if self.note else 26)

    @property
    def note_y(self) -> int:
        """The line of its note."""
        return self.y + 34


class Line(NamedTuple):
    """From a service to a part."""

    x1: int
    y1: int
    x2: int
    y2: int
    is_slow: bool
    is_alternative: bool


class Picture(NamedTuple):
    """Boxes and lines on a sheet; `is_cut` where there are more than fit."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    is_cut: bool

    @property
    def box_width(self) -> int:
        """How wide every box is."""
        return BOX

    @property
    def box_height(self) -> int:
        """How high every box is."""
        return HIGH


def draw(landscape: Landscape, service: str, chain: tuple[str, ...]) -> Picture:
    """A service and all its parts; the parts named in `chain` are marked as slow."""
    artist = _Artist(landscape, frozenset(chain))
    artist.place(service, 0, "", is_slow=bool(chain))
    boxes = tuple(artist.boxes)
    width = max(box.x for box in boxes) + BOX + MARGIN
    return Picture(width, artist.next_y + MARGIN, boxes, tuple(artist.lines), artist.is_cut)


class _Artist:
    def __init__(self, landscape: Landscape, chain: frozenset[str]) -> None:
        self._landscape, self._chain = landscape, chain
        self.boxes: list[Box] = []
        self.lines: list[Line] = []
        self.next_y = MARGIN
        self.is_cut = False

    def place(self, key: str, depth: int, note: str, *, is_slow: bool) -> int:
        """Draw a part and all below it; returns the height of its middle."""
        name = self._landscape.name_of(key)
        service = self._landscape.services.get(key)
        x = MARGIN + depth * (BOX + GAP)
        number = len(self.boxes)
        self.boxes.append(
            Box(x, self.next_y, name, _short(name), note, "service" if service else "component", is_slow)
        )
        y = self.next_y
        ends: list[tuple[int, bool, bool]] = []
        for group in service.groups if service else ():
            for member in group.members:
                if len(self.boxes) >= _MOST_BOXES:
                    self.is_cut = True
                    break
                below = is_slow and self._landscape.name_of(member.key) in self._chain
                middle = self.place(member.key, depth + 1, _note(group), is_slow=below)
                ends.append((middle, below, not group.is_serial))
        if ends:
            y = (ends[0][0] + ends[-1][0]) // 2 - HIGH // 2
            self.boxes[number] = self.boxes[number]._replace(y=y)
        else:
            self.next_y += ROW
        self.lines += [
            Line(x + BOX, y + HIGH // 2, x + BOX + GAP, middle, slow, alternative)
            for middle, slow, alternative in ends
        ]
        return y + HIGH // 2


def _note(group: Group) -> str:
    if not group.is_serial:
        return f"{group.count}/{len(group.members)} · {group.name}"[: _LETTERS + 3]
    return group.name[: _LETTERS + 3]


def _short(name: str) -> str:
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"
