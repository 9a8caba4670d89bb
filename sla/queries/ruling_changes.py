"""What a ruling would change: each party's share of a record's time, and each verdict, before and after."""

from collections.abc import Sequence
from typing import NamedTuple

from sla.queries.disputes import BothFigures


class ShareChange(NamedTuple):
    """Wall seconds that a party held the record: as measured, as ruled so far, and as it would be ruled."""

    party: str
    measured: int
    before: int
    after: int
    share_before: float
    share_after: float


class VerdictChange(NamedTuple):
    """Whether a promise was met: as measured, as ruled so far, and as it would be ruled; None for open again."""

    code: str
    party: str
    measured: bool
    before: bool | None
    after: bool | None


class RulingChanges(NamedTuple):
    """All that a record comes to, before and after a ruling."""

    custody: Sequence[ShareChange]
    verdicts: Sequence[VerdictChange]

    @property
    def is_none(self) -> bool:
        """Whether everything stays as it is."""
        return all(each.before == each.after for each in self.custody) and all(
            each.before == each.after for each in self.verdicts
        )


def changes_by(before: BothFigures, after: BothFigures) -> RulingChanges:
    """The figures of a record without a ruling and with it, side by side."""
    held = {each.party: each for each in before.custody}
    then = {each.party: each for each in after.custody}
    whole = sum(each.measured for each in before.custody) or 1
    custody = []
    for party in [*held, *(party for party in then if party not in held)]:
        now_held = held[party].ruled if party in held else 0
        then_held = then[party].ruled if party in then else 0
        measured = held[party].measured if party in held else 0
        custody.append(ShareChange(party, measured, now_held, then_held, now_held / whole, then_held / whole))
    # Of the same clocks in the same order: a ruling makes none and ends none.
    verdicts = [
        VerdictChange(old.code, old.party, old.measured, old.ruled, new.ruled)
        for old, new in zip(before.verdicts, after.verdicts, strict=True)
    ]
    return RulingChanges(custody, verdicts)
