"""The versions of a definition in words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sla.queries.definitions import Line
from sla.queries.wording import Difference, Fact


def version_lines(
    line: Line[Any],
    *,
    facts: Sequence[Sequence[Fact]],
    changes: Sequence[Sequence[Difference]],
    made: Mapping[Any, tuple[str, datetime]],
    now: datetime,
) -> list[dict[str, Any]]:
    """The versions of a definition, the latest first: from when to when, who made it, and what it changed.

    `facts` and `changes` tell of each version what it says, and what it changed; both in order of the versions.
    """
    found = []
    for index, version in enumerate(line.versions):
        by, at = made.get(version.pk, ("", None))
        found.append(
            {
                "number": index + 1,
                "effective_from": version.effective_from,
                "until": line.until(version),
                "is_in_force": version is line.at(now) and version.effective_from <= now,
                "is_to_come": version.effective_from > now,
                "facts": facts[index],
                "differences": changes[index],
                "by": by,
                "at": at,
            }
        )
    return found[::-1]
