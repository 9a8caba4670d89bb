"""What a provider may not contest again: what it contests already, and what was ruled, but once with new evidence."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from lifecycle.public import RuleError
from records.models import Record
from sla.models import Dispute


class DisputeRefusedError(RuleError):
    """What was contested, or how it was ruled, cannot stand; `fields` says what is wrong."""

    code = "dispute_refused"


class ContestedAlreadyError(RuleError):
    """An open dispute of the provider is about the same time, or the same verdict."""

    code = "contested_already"

    def __init__(self, message: str, *, dispute_id: UUID) -> None:
        super().__init__(message)
        self.dispute_id = dispute_id

    def extra(self) -> dict[str, Any]:
        """The open dispute."""
        return {"dispute": str(self.dispute_id)}


class RuledAlreadyError(RuleError):
    """The same was ruled: it may be contested once more, with new evidence, as following that dispute."""

    code = "ruled_already"

    def __init__(self, message: str, *, dispute_id: UUID, is_final: bool) -> None:
        super().__init__(message)
        self.dispute_id, self.is_final = dispute_id, is_final

    def extra(self) -> dict[str, Any]:
        """The dispute that was ruled, and whether that stands for good."""
        return {"dispute": str(self.dispute_id), "final": self.is_final}


def refuse_again(
    *, record: Record, provider: UUID, columns: Mapping[str, Any], follows: UUID | None, evidence: str
) -> None:
    """Let pass what the provider may contest of the record; `columns` are those of the dispute to be.

    While the caller holds the record, as the answer is of this moment. `follows` is the ruled dispute that is to be
    looked at again. Raises ContestedAlreadyError, RuledAlreadyError, DisputeRefusedError.
    """
    known = list(Dispute.objects.filter(record=record, provider=provider).exclude(state="withdrawn"))
    same = [row for row in known if _is_of_same(row, columns)]
    for row in same:
        if row.state == "raised":
            raise ContestedAlreadyError(_open_words(row), dispute_id=row.pk)
    followed = {row.follows_id for row in known}
    for row in same:
        _refuse_ruled(row, is_final=row.follows_id is not None or row.pk in followed, follows=follows)
    first = next((row for row in same if row.pk == follows), None)
    if follows is not None and first is None:
        raise _refused("follows", gettext("This is no dispute of yours about the same that was ruled."))
    if first is not None and first.evidence.strip() == evidence.strip():
        raise _refused("evidence", gettext("Give evidence that was not in the dispute that was ruled."))


def _refuse_ruled(row: Dispute, *, is_final: bool, follows: UUID | None) -> None:
    on = _day(row.ruled_at)
    if is_final:
        message = gettext("This was ruled again on %(on)s with new evidence: that stands.") % {"on": on}
        if row.follows_id is None:
            message = gettext(
                "This was ruled on %(on)s, and contested again with new evidence: that stands."
            ) % {"on": on}
        raise RuledAlreadyError(message, dispute_id=row.pk, is_final=True)
    if follows is None:
        message = gettext(
            "This was ruled on %(on)s. With new evidence you can contest it once more, as following that."
        ) % {"on": on}
        raise RuledAlreadyError(message, dispute_id=row.pk, is_final=False)
    if follows != row.pk:
        message = gettext(
            "This was ruled on %(on)s, in another dispute than the one you name. Contest each by itself."
        ) % {"on": on}
        raise RuledAlreadyError(message, dispute_id=row.pk, is_final=False)


def _is_of_same(row: Dispute, columns: Mapping[str, Any]) -> bool:
    if "matched_at" in columns:
        return all(getattr(row, name) == value for name, value in columns.items())
    if row.started_at is None or row.ended_at is None:
        return False
    return bool(row.started_at < columns["ended_at"] and columns["started_at"] < row.ended_at)


def _open_words(row: Dispute) -> str:
    if row.started_at is None or row.ended_at is None:
        return gettext("This verdict is contested already.")
    return gettext("You contest %(started_at)s to %(ended_at)s UTC already.") % {
        "started_at": f"{row.started_at:%d %B %Y %H:%M}",
        "ended_at": f"{row.ended_at:%d %B %Y %H:%M}",
    }


def _day(at: datetime | None) -> str:
    return "" if at is None else f"{at:%d %B %Y}"


def _refused(field: str, words: str) -> DisputeRefusedError:
    return DisputeRefusedError(gettext("This cannot be contested like this."), fields={field: words})
