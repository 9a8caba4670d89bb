"""How a supplier's states, priorities and fields map onto ours: data, read and judged for shape.

    {"theirs": {"states": [name], "priorities": [name], "fields": [{"name", "required": bool}]},
     "states": {"out": {ours: theirs}, "in": {theirs: ours}},
     "priorities": {"out": {ours: theirs}, "in": {theirs: ours}},
     "fields": [{"ours", "theirs", "owner": "ours" | "theirs" | "latest"}],
     "constants": {theirs: text},
     "samples": [{"state", "priority", "fields": {theirs: text}}]}

`owner` is whose word counts when both sides changed a field. `constants` fill what they require and we do not have. A
sample is a record as their system sends it. What a mapping lacks for its process is for `lint` to say.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tenancy.engine.words import say

OWNERS = ("ours", "theirs", "latest")
VALUES_MAX, SAMPLES_MAX, TEXT_MAX = 100, 20, 200
_PARTS = ("theirs", "states", "priorities", "fields", "constants", "samples")
Faults = dict[str, str]


@dataclass(frozen=True, slots=True)
class TheirField:
    """A field of their system."""

    name: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Values:
    """How values map: ours to theirs going out, theirs to ours coming in."""

    out: Mapping[str, str]
    back: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FieldPair:
    """A field of ours that is a field of theirs, and whose word counts."""

    ours: str
    theirs: str
    owner: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A record as their system sends it; "" for no state or no priority."""

    state: str
    priority: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MappingTable:
    """One supplier's words for one process in ours, and back."""

    their_states: tuple[str, ...]
    their_priorities: tuple[str, ...]
    their_fields: tuple[TheirField, ...]
    states: Values
    priorities: Values
    fields: tuple[FieldPair, ...]
    constants: Mapping[str, str]
    samples: tuple[Sample, ...]


class MappingFaultyError(ValueError):
    """A mapping that cannot be read: `faults` tells each fault, by path."""

    code = "mapping_faulty"

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {reason}" for path, reason in faults.items()))
        self.faults = dict(faults)


def read_mapping(data: Any) -> MappingTable:
    """A mapping from its notation. Raises MappingFaultyError with all that is wrong, by path."""
    if not isinstance(data, Mapping):
        raise MappingFaultyError({"": say("A mapping is an object.")})
    faults: Faults = {
        str(name): say("There is no such part. Known: %(known)s.", known=", ".join(_PARTS))
        for name in set(data) - set(_PARTS)
    }
    theirs = _object(data.get("theirs", {}), "theirs", faults)
    for name in set(theirs) - {"states", "priorities", "fields"}:
        faults[f"theirs.{name}"] = say(
            "There is no such part. Known: %(known)s.", known="states, priorities, fields"
        )
    table = MappingTable(
        their_states=_names(theirs.get("states", []), "theirs.states", faults),
        their_priorities=_names(theirs.get("priorities", []), "theirs.priorities", faults),
        their_fields=tuple(_their_fields(theirs.get("fields", []), faults)),
        states=_values(data.get("states", {}), "states", faults),
        priorities=_values(data.get("priorities", {}), "priorities", faults),
        fields=tuple(_pairs(data.get("fields", []), faults)),
        constants=_texts(data.get("constants", {}), "constants", faults),
        samples=tuple(_samples(data.get("samples", []), faults)),
    )
    _once([each.name for each in table.their_fields], "theirs.fields", faults)
    _once([pair.ours for pair in table.fields], "fields", faults)
    _once([pair.theirs for pair in table.fields] + list(table.constants), "fields", faults)
    if faults:
        raise MappingFaultyError(faults)
    return table


def _object(given: Any, path: str, faults: Faults) -> Mapping[str, Any]:
    if isinstance(given, Mapping):
        return given
    faults[path] = say("Use an object.")
    return {}


def _list(given: Any, path: str, faults: Faults, *, most: int = VALUES_MAX) -> list[Any]:
    if isinstance(given, list) and len(given) <= most:
        return given
    faults[path] = say("Use a list of %(most)s at most.", most=most)
    return []


def _text(given: Any, path: str, faults: Faults, *, may_be_empty: bool = False) -> str:
    text = given if isinstance(given, str) else None
    if text is None or len(text) > TEXT_MAX or "\x00" in text or not (text.strip() or may_be_empty):
        faults[path] = say("Use a text of %(most)s characters at most.", most=TEXT_MAX)
        return ""
    return text.strip()


def _names(given: Any, path: str, faults: Faults) -> tuple[str, ...]:
    found = [_text(each, f"{path}.{place}", faults) for place, each in enumerate(_list(given, path, faults))]
    _once(found, path, faults)
    return tuple(found)


def _once(names: list[str], path: str, faults: Faults) -> None:
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        faults[path] = say("Named twice: %(names)s.", names=", ".join(twice))


def _texts(given: Any, path: str, faults: Faults) -> dict[str, str]:
    found = _object(given, path, faults)
    if len(found) > VALUES_MAX:
        faults[path] = say("Use %(most)s rows at most.", most=VALUES_MAX)
        return {}
    return {
        _text(name, f"{path}.{name}"[:100], faults): _text(
            text, f"{path}.{name}"[:100], faults, may_be_empty=path == "constants"
        )
        for name, text in found.items()
    }


def _values(given: Any, path: str, faults: Faults) -> Values:
    found = _object(given, path, faults)
    for name in set(found) - {"out", "in"}:
        faults[f"{path}.{name}"] = say("There is no such part. Known: %(known)s.", known="out, in")
    return Values(
        _texts(found.get("out", {}), f"{path}.out", faults), _texts(found.get("in", {}), f"{path}.in", faults)
    )


def _their_fields(given: Any, faults: Faults) -> Iterator[TheirField]:
    for place, each in enumerate(_list(given, "theirs.fields", faults)):
        path = f"theirs.fields.{place}"
        field = _object(each, path, faults)
        is_required = field.get("required", False)
        if not isinstance(is_required, bool):
            faults[f"{path}.required"] = say("Use true or false.")
        yield TheirField(_text(field.get("name"), f"{path}.name", faults), is_required is True)


def _pairs(given: Any, faults: Faults) -> Iterator[FieldPair]:
    for place, each in enumerate(_list(given, "fields", faults)):
        path = f"fields.{place}"
        pair = _object(each, path, faults)
        owner = pair.get("owner", "ours")
        if owner not in OWNERS:
            faults[f"{path}.owner"] = say("Use one of %(known)s.", known=", ".join(OWNERS))
        yield FieldPair(
            _text(pair.get("ours"), f"{path}.ours", faults),
            _text(pair.get("theirs"), f"{path}.theirs", faults),
            str(owner),
        )


def _samples(given: Any, faults: Faults) -> Iterator[Sample]:
    for place, each in enumerate(_list(given, "samples", faults, most=SAMPLES_MAX)):
        path = f"samples.{place}"
        sample = _object(each, path, faults)
        fields = _object(sample.get("fields", {}), f"{path}.fields", faults)
        yield Sample(
            _text(sample.get("state", ""), f"{path}.state", faults, may_be_empty=True),
            _text(sample.get("priority", ""), f"{path}.priority", faults, may_be_empty=True),
            {str(name): str(text) for name, text in fields.items()},
        )
