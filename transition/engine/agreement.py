"""How far what came out agrees with what the other system says of itself."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

OPEN, MET, MISSED = "open", "met", "missed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What our own clocks and audit say of one record: verdict by target code, None while open.

    `last` is the verdict of the target that applied last; both counters are derived from the audit.
    """

    verdicts: Mapping[str, bool | None]
    last: bool | None
    reassignments: int
    reopenings: int


@dataclass(slots=True)
class Agreement:
    """Counts over many records: verdicts by target, and claims of a kind as (made, agreed)."""

    verdicts: dict[str, Counter[str]] = field(default_factory=dict)
    claims: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(
        self, outcome: Outcome, *, counters_claimed: Mapping[str, int], verdicts_claimed: Mapping[str, bool]
    ) -> None:
        """Count one record."""
        for code, met in outcome.verdicts.items():
            word = OPEN if met is None else MET if met else MISSED
            self.verdicts.setdefault(code, Counter())[word] += 1
        for code, claimed in verdicts_claimed.items():
            ours = outcome.last if code == "*" else outcome.verdicts.get(code)
            self._compare("verdicts", agreed=ours is claimed)
        for name, count in counters_claimed.items():
            self._compare(name, agreed=getattr(outcome, name) == count)

    def _compare(self, kind: str, *, agreed: bool) -> None:
        made, same = self.claims.get(kind, (0, 0))
        self.claims[kind] = (made + 1, same + agreed)
