"""What MAPPING.md shows works as shown."""

import re
from pathlib import Path

import pytest

from transition.engine.parse_mapping import parse_mapping

REFERENCE = Path(__file__).parents[2] / "transition" / "MAPPING.md"
BLOCKS = re.findall(r"```yaml\n(.*?)```", REFERENCE.read_text(encoding="utf-8"), re.DOTALL)
COMPLETE = [block for block in BLOCKS if block.startswith("# complete")]
PARTS = [block for block in BLOCKS if re.match(r"(actors|events|moments|claims|calendars|targets):", block)]
FRAME = {
    "events": "rows: {kind: events, key: id}\n"
    "times: {zone: UTC, format: iso, event: at, opened: first_event}\n",
    "cases": "rows: {kind: cases, key: id}\ntimes: {zone: UTC, format: iso, opened: at}\n",
}


def test_the_reference_has_examples_of_everything() -> None:
    assert len(COMPLETE) == 4
    assert len(PARTS) == 6


@pytest.mark.parametrize("block", COMPLETE)
def test_complete_example_is_a_sound_mapping(block: str) -> None:
    assert parse_mapping(source=block, file="example.yaml").targets


@pytest.mark.parametrize("block", PARTS)
def test_part_fits_into_a_mapping(block: str) -> None:
    kind = "cases" if block.startswith("moments") else "events"
    frame = FRAME[kind] + "fields: {title: title}\n"
    if not block.startswith("calendars"):
        frame += "calendars: {office: {always: true}}\n"
    if block.startswith("claims"):
        frame += "targets: [{code: resolution-P1, duration: 1h, calendar: office}]\n"
    parse_mapping(source=frame + block, file="example.yaml")


@pytest.mark.parametrize("start", ["opened: ", "service: "])
def test_sources_fit_into_a_mapping(start: str) -> None:
    (block,) = [block for block in BLOCKS if block.startswith(start)]
    indented = "".join(f"  {line}\n" for line in block.splitlines())
    if start == "opened: ":
        source = (
            "rows: {kind: events, key: id}\nfields: {title: t}\ntimes:\n  zone: UTC\n  format: iso\n"
            + indented
        )
    else:
        source = FRAME["events"] + "fields:\n" + indented
    assert parse_mapping(source=source, file="example.yaml").columns
