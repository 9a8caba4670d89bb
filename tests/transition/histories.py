"""Reads a history written down in a test."""

import textwrap
from dataclasses import dataclass
from pathlib import Path

from transition.engine.contract import Contract, contract_of
from transition.engine.faults import RowFault
from transition.engine.history import HistoricRecord
from transition.engine.parse_mapping import parse_mapping
from transition.engine.reading import read_history


@dataclass(frozen=True)
class Told:
    """All that came of a file."""

    records: dict[str, HistoricRecord]
    faults: list[RowFault]
    rows_read: int
    rows_used: int
    contract: Contract

    def states(self, reference: str) -> list[tuple[int, object]]:
        """When the record came into which state."""
        entries = self.records[reference].entries
        return [(entry.at, entry.facts["state"]) for entry in entries if "state" in entry.facts]

    def changes(self, reference: str, attribute: str) -> list[object]:
        """The values that an attribute took."""
        entries = self.records[reference].entries
        return [entry.facts[attribute] for entry in entries if attribute in entry.facts]

    def verbs(self, reference: str) -> list[str]:
        """What was done to the record."""
        return [entry.verb for entry in self.records[reference].entries]


def tell(*, folder: Path, mapping: str, rows: str | bytes) -> Told:
    """Read ``rows`` as ``mapping`` says."""
    path = folder / "history.csv"
    path.write_bytes(rows if isinstance(rows, bytes) else textwrap.dedent(rows).lstrip().encode())
    parsed = parse_mapping(source=textwrap.dedent(mapping), file="test.yaml")
    records: dict[str, HistoricRecord] = {}
    used = 0
    with read_history(path=path, mapping=parsed, spool_folder=folder) as history:
        faults = list(history.faults())
        for outcome in history.records():
            used += outcome.rows_used
            faults += outcome.faults
            if outcome.record is not None:
                records[outcome.external_reference] = outcome.record
        told = Told(records, faults, history.rows_read, used, contract_of(mapping=parsed))
    assert told.rows_read == told.rows_used + len(told.faults)
    return told
