"""The words of a mapping as people type them, one to a line, and the notation that they make.

Faults stay in the notation: `read_mapping` finds them. How values map is not typed but chosen, and is left as it is.
"""

import json
from collections.abc import Mapping
from typing import Any

Words = Mapping[str, str]
_WAYS = ("out", "in")


def typed_words(notation: Mapping[str, Any]) -> dict[str, str]:
    """What stands in each field of the page: their states, priorities and fields, pairs, constants and samples."""
    theirs = notation.get("theirs", {})
    return {
        "states": "\n".join(theirs.get("states", ())),
        "priorities": "\n".join(theirs.get("priorities", ())),
        "their_fields": "\n".join(
            f"{'* ' if each.get('required') else ''}{each['name']}" for each in theirs.get("fields", ())
        ),
        "pairs": "\n".join(
            f"{each['ours']} | {each['theirs']} | {each.get('owner', 'ours')}"
            for each in notation.get("fields", ())
        ),
        "constants": "\n".join(f"{name} | {text}" for name, text in notation.get("constants", {}).items()),
        "samples": "\n".join(json.dumps(each, ensure_ascii=False) for each in notation.get("samples", ())),
    }


def with_words(notation: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """The notation with these words in the place of its own."""
    return {
        **notation,
        "theirs": {
            "states": _lines(words["states"]),
            "priorities": _lines(words["priorities"]),
            "fields": [
                {"name": line.removeprefix("*").strip(), "required": line.startswith("*")}
                for line in _lines(words["their_fields"])
            ],
        },
        "fields": [_pair(line) for line in _lines(words["pairs"])],
        "constants": dict(_parted(line) for line in _lines(words["constants"])),
        "samples": [_sample(line) for line in _lines(words["samples"])],
    }


def with_rows(
    notation: Mapping[str, Any], part: str, rows: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """The notation with these rows of "states" or "priorities", by way ("out", "in"); empty ones are left out."""
    return {
        **notation,
        part: {
            way: {value: target for value, target in rows.get(way, {}).items() if target} for way in _WAYS
        },
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _pair(line: str) -> dict[str, str]:
    ours, theirs, owner = (*(part.strip() for part in line.split("|")), "", "")[:3]
    return {"ours": ours, "theirs": theirs, "owner": owner or "ours"}


def _parted(line: str) -> tuple[str, str]:
    name, _, text = line.partition("|")
    return name.strip(), text.strip()


def _sample(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return line  # not an object, as `read_mapping` says
