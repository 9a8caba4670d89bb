"""Definitions as text, in the notation that `parse_definitions` reads; what is printed parses to equal entries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import yaml

from calendars.engine import calendar_json, parse_calendar
from calendars.engine.spec import WEEKDAYS
from sla.engine.durations import duration_text
from sla.engine.notation.entries import CalendarEntry, Document, MatrixEntry, TargetEntry
from sla.engine.notation.matrices import LEVELS

_WIDTH = 110


class _Flow(list[Any]):
    """A list that is written on one line."""


class _Line(dict[str, Any]):
    """A block that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """Blocks, with short lists on one line and nothing referred to."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out."""
        return True


_Dumper.add_representer(
    _Flow, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)
_Dumper.add_representer(
    _Line, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)
)


def print_definitions(document: Document) -> str:
    """The document as YAML, in an order that does not depend on how it was made."""
    data: dict[str, Any] = {}
    if document.since is not None:
        data["from"] = datetime.fromtimestamp(document.since, UTC).isoformat()
    if document.calendars:
        data["calendars"] = {
            code: calendar_data(document.calendars[code]) for code in sorted(document.calendars)
        }
    targets = [target_data(target) for target in sorted(document.targets, key=lambda each: each.code)]
    targets += [{"code": code, "retired": True} for code in sorted(document.retired)]
    if targets:
        data["targets"] = targets
    if document.matrices:
        data["matrices"] = [
            matrix_data(matrix) for matrix in sorted(document.matrices, key=lambda each: each.name)
        ]
    return str(yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH))


def calendar_data(entry: CalendarEntry) -> dict[str, Any]:
    """A calendar as it is written: `mon-fri: [09:00-12:30, 13:30-17:00]`."""
    definition = calendar_json(parse_calendar(entry.definition))
    data: dict[str, Any] = {"name": entry.name} if entry.name else {}
    data["zone"] = definition["zone"]
    if "always" in definition:
        return data | {"always": True}
    data["weekly"] = _week(definition["weekly"])  # type: ignore[arg-type]  # the form that calendar_json gives
    if "holidays" in definition:
        data["holidays"] = _Flow(definition["holidays"])  # type: ignore[call-overload]  # as above
    if "exceptions" in definition:
        exceptions: Mapping[str, Any] = definition["exceptions"]  # type: ignore[assignment]  # as above
        data["exceptions"] = {day: _intervals(exceptions[day]) for day in exceptions}
    return data


def target_data(entry: TargetEntry) -> dict[str, Any]:
    """A target as it is written, every field named."""
    return {
        "code": entry.code,
        "name": entry.name,
        "kind": entry.kind,
        "metric": entry.metric,
        "applies_to": {
            name: _Flow(sorted(entry.applies_to[name], key=str)) for name in sorted(entry.applies_to)
        },
        "duration": duration_text(entry.duration_s),
        "calendar": entry.calendar,
        "start": entry.start,
        "stop": _Flow(sorted(entry.stop)),
        "pause": _Flow(sorted(entry.pause)),
        "pause_until": entry.pause_until,
        "warn_at": _Flow(entry.warn_at),
        "cumulative": entry.cumulative,
        **_escalations(entry),
    }


def _escalations(entry: TargetEntry) -> dict[str, Any]:
    """Those that are named; a target that names none at all leaves them as they are."""
    if entry.escalations is None:
        return {}
    return {
        "escalations": [
            _Line({name: value for name, value in asdict(each).items() if value})
            for each in sorted(entry.escalations)
        ]
    }


def matrix_data(entry: MatrixEntry) -> dict[str, Any]:
    """A matrix as it is written, a row of impact a line."""
    data: dict[str, Any] = {"name": entry.name}
    if entry.is_default is not None:
        data["default"] = entry.is_default
    if entry.services is not None:
        data["services"] = _Flow(entry.services)
    data["cells"] = [_Flow(entry.cells[row : row + LEVELS]) for row in range(0, LEVELS**2, LEVELS)]
    return data


def _week(weekly: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, Any]:
    """Days one after another with the same hours are one line."""
    runs: list[tuple[list[str], Any]] = []
    for day in WEEKDAYS:
        hours = weekly.get(day)
        if not hours:
            continue
        before = runs[-1] if runs else None
        is_next = before is not None and WEEKDAYS.index(before[0][-1]) + 1 == WEEKDAYS.index(day)
        if before is not None and is_next and before[1] == hours:
            before[0].append(day)
        else:
            runs.append(([day], hours))
    return {
        (days[0] if len(days) == 1 else f"{days[0]}-{days[-1]}"): _intervals(hours) for days, hours in runs
    }


def _intervals(intervals: Iterable[Sequence[str]]) -> _Flow:
    return _Flow(f"{start}-{end}" for start, end in intervals)
