"""What a supplier's system answered to a message: taken, to be tried again, or refused for good."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tenancy.engine.words import say

WAIT_MAX = 3600
_REFUSED = frozenset({400, 405, 409, 411, 413, 414, 415, 422})
_REFERENCE_MAX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """state: "taken", "again" (after `wait` seconds, where it said so) or "refused".

    `is_down`: the system as a whole does not take messages now, which is no fault of this one. `reference` is theirs
    for the record; with it, or with {"acknowledged": true}, they acknowledge the record.
    """

    state: str
    reason: str = ""
    wait: int | None = None
    is_down: bool = False
    reference: str = ""
    is_acknowledged: bool = False


def read_answer(  # noqa: PLR0911  one per sort of answer
    status: int, headers: Mapping[str, str], body: bytes, *, is_cut: bool = False
) -> Answer:
    """What an HTTP answer means. `headers` by lower-case name; `is_cut` when there was more than was read."""
    if status in (429, 503):
        return Answer(
            state="again",
            reason=say("It answered %(status)s.", status=status),
            wait=_wait(headers),
            is_down=True,
        )
    if status in _REFUSED:
        return Answer(state="refused", reason=say("It refused with %(status)s.", status=status))
    if 300 <= status < 400:
        words = say("It sent us on to another address, which we do not follow.")
        return Answer(state="again", reason=words, is_down=True)
    if not 200 <= status < 300:
        return Answer(state="again", reason=say("It answered %(status)s.", status=status), is_down=True)
    if not body.strip():
        return Answer(state="taken")
    try:
        data = None if is_cut else json.loads(body)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        # A page of a proxy or a log-in, with 200: nobody there has taken anything.
        words = say("Its answer was not one that we understand.")
        return Answer(state="again", reason=words, is_down=True)
    return _taken(data)


def _taken(data: Mapping[str, Any]) -> Answer:
    given = data.get("reference")
    reference = given.strip() if isinstance(given, str) else ""
    if len(reference) > _REFERENCE_MAX or "\x00" in reference:
        reference = ""
    return Answer(
        state="taken",
        reference=reference,
        is_acknowledged=bool(reference) or data.get("acknowledged") is True,
    )


def _wait(headers: Mapping[str, str]) -> int | None:
    asked = headers.get("retry-after", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 8:
        return min(max(int(asked), 1), WAIT_MAX)
    return None
