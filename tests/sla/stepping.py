"""All clocks of a record, by stepping through its time: slow and obvious."""

from collections.abc import Callable, Mapping, Sequence

from sla.engine import Change, TargetDefinition
from tests.sla import oracle
from tests.sla.hours import IS_OPEN

_PARTY = {"sla": None, "ola": "support_group", "uc": "provider"}


def expected(
    history: Sequence[Change],
    definitions: Sequence[TargetDefinition],
    now: int,
    *,
    is_open: Mapping[str, Callable[[int], bool]] = IS_OPEN,
) -> list[oracle.OracleClock]:
    """The clocks at `now`, in the order of the engine."""
    clocks: list[oracle.OracleClock] = []
    for kind, attribute in _PARTY.items():
        for metric in ("approval", "fulfilment", "resolution", "response", "update"):
            chain = [target for target in definitions if (target.kind, target.metric) == (kind, metric)]
            parties: list[object] = [None]
            whose = "approver" if attribute and metric == "approval" else attribute
            if whose is not None and chain:
                ticks = range(oracle.opened_at(history), now + 1, oracle.TICK)
                held = [oracle.facts_at(history, at)[whose] for at in ticks]
                parties = [party for party in dict.fromkeys(held) if party is not None]
            for party in parties if chain else []:
                found = [
                    oracle.measured(cycle, history, now, is_open[cycle.target.calendar])
                    for path in oracle.followed(chain, history, now, whose, party)
                    for cycle in oracle.cut(path, history, now, whose)
                ]
                clocks += [clock for clock in found if clock is not None]
    return clocks
