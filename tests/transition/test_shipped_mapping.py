"""The mapping that ships, on incidents of the log it is made for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from transition.engine.contract import contract_of
from transition.engine.history import Folded
from transition.engine.mapping import HistoryMapping
from transition.engine.parse_mapping import load_mapping
from transition.engine.reading import ReadHistory, read_history

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "data" / "incident_event_log_sample.csv.gz"
SHIPPED = ROOT / "transition" / "mappings" / "incident_event_log.yaml"
ROWS_OF_SAMPLE = 2_388
INCIDENTS_OF_SAMPLE = 406
LONG_AFTER = 1_500_000_000
AGREEMENT = 0.997


@pytest.fixture(scope="module")
def mapping() -> HistoryMapping:
    return load_mapping(path=SHIPPED)


@pytest.fixture(scope="module")
def history(mapping: HistoryMapping) -> Iterator[ReadHistory]:
    with read_history(path=SAMPLE, mapping=mapping) as read:
        yield read


@pytest.fixture(scope="module")
def outcomes(history: ReadHistory) -> list[Folded]:
    return list(history.records())


def test_every_row_of_the_sample_is_used(history: ReadHistory, outcomes: list[Folded]) -> None:
    assert history.rows_read == ROWS_OF_SAMPLE
    assert sum(outcome.rows_used for outcome in outcomes) == ROWS_OF_SAMPLE
    assert list(history.faults()) == []
    assert len(outcomes) == INCIDENTS_OF_SAMPLE


def test_contract_explains_the_verdicts_of_the_other_system(
    mapping: HistoryMapping, outcomes: list[Folded]
) -> None:
    contract = contract_of(mapping=mapping)
    agreed = 0
    for outcome in outcomes:
        assert outcome.record is not None
        clocks = contract.clocks(record=outcome.record, now=LONG_AFTER)
        (clock,) = [clock for clock in clocks if clock.state == "stopped"]
        agreed += clock.met is outcome.record.verdicts_claimed["*"]
    assert agreed / len(outcomes) >= AGREEMENT


def test_counters_come_out_as_the_log_has_them(outcomes: list[Folded]) -> None:
    records = [outcome.record for outcome in outcomes if outcome.record is not None]
    hops = [sum("support_group" in entry.facts for entry in record.entries[1:]) for record in records]
    reopenings = [sum(entry.verb == "reopen" for entry in record.entries) for record in records]
    same_hops = sum(
        count == record.counters_claimed["reassignments"] for count, record in zip(hops, records, strict=True)
    )
    # The log's own counter rises without a cause in 0.5 %.
    assert same_hops / len(records) >= 0.99
    assert reopenings == [record.counters_claimed["reopenings"] for record in records]


def test_reading_again_tells_the_same(mapping: HistoryMapping, outcomes: list[Folded]) -> None:
    with read_history(path=SAMPLE, mapping=mapping) as read:
        again = [outcome.record.fingerprint for outcome in read.records(after=400) if outcome.record]
    assert again == [outcome.record.fingerprint for outcome in outcomes[400:] if outcome.record]
    assert len(again) == INCIDENTS_OF_SAMPLE - 400
