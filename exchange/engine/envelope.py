"""A change of a record as a supplier's system is told of it: in its words, whole, and with what happened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from suppliers.public import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One step: its kind, when (UTC), and the words that came with it. `by` is who took it."""

    kind: str
    at: datetime
    by: str = ""
    comment: str = ""
    work_note: str = ""
    is_handed_over: bool = False
    is_handed_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The record that the step was about: its number, version, their reference, and what it says in their words."""

    process: str
    number: str
    version: int
    reference: str
    said: Said
    mapping_version: int
    extra: Mapping[str, Any] = field(default_factory=dict)


def envelope(happened: Happened, told: Told) -> dict[str, Any]:
    """The message, in the form of Standard Webhooks: type, timestamp, data.

    `version` counts our changes of the record: whoever has seen a higher one has seen more.
    """
    data: dict[str, Any] = {
        "process": told.process,
        "number": told.number,
        "version": told.version,
        "reference": told.reference,
        "state": told.said.state,
        "fields": dict(told.said.fields),
        "handed_over": happened.is_handed_over,
        "handed_on": happened.is_handed_on,
        "by": happened.by,
        "mapping_version": told.mapping_version,
    }
    if told.said.priority:
        data["priority"] = told.said.priority
    words = {"comment": happened.comment, "work_note": happened.work_note}
    data |= {name: text for name, text in words.items() if text}
    return {"type": happened.kind, "timestamp": happened.at.isoformat(), "data": data}
