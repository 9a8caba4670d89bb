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
    """An answer from its JSON: {"outcome": "done" | "failed" | "running", "message"?, "result"?, "log"?}.

    `message` says why it failed, or what was done; `result` are answers to the task's form, by question. Raises
    ValueError with what is wrong.
    """
    if not isinstance(data, dict) or data.get("outcome") not in ("done", "failed", "running"):
        raise ValueError('Say {"outcome": "done"}, "failed" or "running".')
    answers, log, message = (data.get(name) for name in ("result", "log", "message"))
    if not isinstance(answers or {}, dict):
        raise ValueError("The result is an object, by the codes of the questions.")  # noqa: TRY004  as said
    lines = [log] if isinstance(log, str) else (log or [])
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise ValueError("The log is a list of lines.")
    if not isinstance(message or "", str):
        raise ValueError("The message is text.")  # noqa: TRY004  as said
    said = _plain(message or "").strip()
    if data["outcome"] == "failed":
        reason = said or say("It said that it failed, and not why.")
    else:
        reason, lines = "", [said, *lines] if said else lines
    kept = tuple(_plain(line) for line in lines[:_LINES_MAX])
    return Outcome(state=data["outcome"], reason=reason, answers=answers or {}, log=kept)


def _plain(text: str) -> str:
    """As a database takes it."""
    return text.replace("\x00", "").encode(errors="replace").decode()[:_LINE_MAX]
