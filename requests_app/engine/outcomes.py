"""What an action's answer means: done, failed, still running, or to be tried again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tenancy.engine.words import say

TRIES_MAX = 5
_FIRST_SECONDS, _LONGEST_SECONDS = 10, 3600
_LINES_MAX, _LINE_MAX = 50, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """state: "done", "failed", "running" or "again" (after `wait` seconds, where it said so)."""

    state: str
    reason: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    log: tuple[str, ...] = ()
    wait: int | None = None

    def json(self) -> dict[str, Any]:
        """What is kept, and what a second answer is compared with."""
        return {"state": self.state, "reason": self.reason, "answers": dict(self.answers)}


def again_after(tries: int, asked: int | None) -> int:
    """Seconds until the next try, after so many: twice as long each time, or as long as was asked for."""
    own = min(_FIRST_SECONDS * 2 ** (tries - 1), _LONGEST_SECONDS)
    return own if asked is None else min(max(asked, 1), _LONGEST_SECONDS)


def outcome_of(  # noqa: PLR0911  one per sort of answer
    status: int, headers: Mapping[str, str], body: bytes, *, is_cut: bool
) -> Outcome:
    """What a called system answered. `headers` by lower-case name; `is_cut` when there was more than we read."""
    if 300 <= status < 400:
        return Outcome(
            state="failed", reason=say("It sent us on to another address, which we do not follow.")
        )
    if status in (408, 425, 429) or status >= 500:
        asked = headers.get("retry-after", "")
        wait = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else None
        return Outcome(state="again", reason=say("It answered %(status)s.", status=status), wait=wait)
    if not 200 <= status < 300:
        return Outcome(state="failed", reason=say("It refused with %(status)s.", status=status))
    if is_cut:
        return Outcome(state="failed", reason=say("Its answer was too long to read."))
    if status == 202 and not body.strip():
        return Outcome(state="running")
    try:
        return read_outcome(json.loads(body))
    except (ValueError, RecursionError):
        return Outcome(state="failed", reason=say("Its answer was not one that we understand."))


def read_outcome(data: Any) -> Outcome:
    """An answer from its JSON: {"state": "done" | "failed" | "running", "reason"?, "answers"?, "log"?}.

    Raises ValueError with what is wrong.
    """
    if not isinstance(data, dict) or data.get("state") not in ("done", "failed", "running"):
        raise ValueError('Say {"state": "done"}, "failed" or "running".')
    answers, log, reason = data.get("answers", {}), data.get("log", []), data.get("reason", "")
    if not isinstance(answers, dict):
        raise ValueError("The answers are an object, by the codes of the questions.")  # noqa: TRY004  as said
    lines = [log] if isinstance(log, str) else log
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise ValueError("The log is a list of lines.")
    if not isinstance(reason, str):
        raise ValueError("The reason is text.")  # noqa: TRY004  as said
    if data["state"] == "failed" and not reason.strip():
        reason = say("It said that it failed, and not why.")
    kept = tuple(line.replace("\x00", "")[:_LINE_MAX] for line in lines[:_LINES_MAX])
    return Outcome(
        state=data["state"], reason=reason.replace("\x00", "")[:_LINE_MAX], answers=answers, log=kept
    )
