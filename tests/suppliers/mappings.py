"""Mappings to agree on in tests: a supplier whose system speaks as ours does, in capitals."""

from typing import Any

from suppliers.engine.vocabulary import vocabulary_of


def whole_mapping(process: str = "incident") -> dict[str, Any]:
    """A mapping of a process that leaves nothing open."""
    vocabulary = vocabulary_of(process)
    assert vocabulary is not None
    states = {name: name.upper() for name in vocabulary.phases}
    priorities = {name: f"P{name}" for name in vocabulary.priorities}
    required = [field.code for field in vocabulary.fields if field.is_required]
    return {
        "theirs": {
            "states": list(states.values()),
            "priorities": list(priorities.values()),
            "fields": [{"name": code.upper(), "required": True} for code in required],
        },
        "states": {"out": states, "in": {theirs: ours for ours, theirs in states.items()}},
        "priorities": {"out": priorities, "in": {theirs: ours for ours, theirs in priorities.items()}},
        "fields": [{"ours": code, "theirs": code.upper(), "owner": "ours"} for code in required],
    }
