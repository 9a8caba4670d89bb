"""Priority from impact and urgency."""

from collections.abc import Sequence

# Impact down, urgency across: the shape ITIL gives as its example, widened to four levels.
STANDARD_CELLS = (
    1, 2, 2, 3,
    2, 2, 3, 4,
    2, 3, 4, 4,
    3, 4, 4, 5,
)  # fmt: skip


def priority_of(cells: Sequence[int], *, impact: int, urgency: int) -> int:
    """The cell of a four by four matrix. Impact and urgency run from 1 (highest) to 4; raises ValueError outside."""
    if not (1 <= impact <= 4 and 1 <= urgency <= 4):
        raise ValueError("impact and urgency run from 1 to 4")
    return cells[(impact - 1) * 4 + urgency - 1]
