"""Ruling on disputes, and what a ruling would change."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from lifecycle.public import ForbiddenError
from outbox.public import publish
from people.public import Actor, directory, find_group
from sla.models import Dispute
from sla.policy import RULE
from sla.queries.disputes import BothFigures, both_figures, get_dispute, may_rule
from sla.services.contest import wrong_party
from sla.services.contested import DisputeRefusedError
from sla.services.rulings import ruling_of
from sla.services.settle import payload_of, refuse_settled, settle

DECISIONS = ("upheld", "rejected")
_REASONS_MAX = 10_000


class RulingPreview(NamedTuple):
    """A dispute as it would be ruled, not stored, and what its record comes to without that ruling and with it."""

    dispute: Dispute
    before: BothFigures
    after: BothFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """How a dispute is ruled, and why. Of a stretch that is upheld: which part of it, and whose time it was.

    Without these it is all that was contested, and the party that was claimed; `ruled_group` is a code.
    """

    decision: str
    reasons: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    ruled_kind: str = ""
    ruled_group: str = ""


def rule_dispute(
    *, dispute_id: UUID, decision: Decision, seen_version: int | None, actor: Actor, at: datetime
) -> Dispute:
    """The dispute, ruled: what was measured stays, what was upheld counts beside it. `seen_version` None: any.

    Raises ForbiddenError, NotFoundError, DisputeRefusedError, IllegalStepError, StaleVersionError.
    """
    dispute = get_dispute(actor, dispute_id)
    columns = _columns(dispute, decision, actor, at)
    with transaction.atomic():
        settle(dispute, seen_version, "rule", columns, actor)
        publish(
            kind="dispute.ruled",
            record_id=dispute.record_id,
            at=at,
            payload=payload_of(dispute, actor, decision.decision),
        )
    return get_dispute(actor, dispute_id)


def preview_ruling(
    *, dispute_id: UUID, decision: Decision, seen_version: int | None, actor: Actor, at: datetime
) -> RulingPreview:
    """What ruling so would change, measured as it is when it is ruled. Writes nothing; raises as ruling does."""
    dispute = get_dispute(actor, dispute_id)
    columns = _columns(dispute, decision, actor, at)
    refuse_settled(dispute, seen_version=seen_version, action="rule")
    before = both_figures(dispute, at, is_whole=True)
    for name, value in columns.items():
        setattr(dispute, name, value)
    also = [ruling_of(dispute, directory().groups)] if dispute.state == "upheld" else []
    return RulingPreview(dispute, before, both_figures(dispute, at, also=also, is_whole=True))


def _columns(dispute: Dispute, decision: Decision, actor: Actor, at: datetime) -> dict[str, Any]:
    """What a dispute holds once it is ruled. Raises ForbiddenError, DisputeRefusedError."""
    if not may_rule(actor):
        raise ForbiddenError(
            gettext("This needs the permission %(permission)s.") % {"permission": RULE}, permission=RULE
        )
    if actor.membership_id is not None and actor.membership_id == dispute.raised_by_id:
        raise ForbiddenError(gettext("Somebody else has to rule on what you contested."))
    wrong: dict[str, str] = {}
    if decision.decision not in DECISIONS:
        wrong["decision"] = gettext("Use one of %(choices)s.") % {"choices": ", ".join(DECISIONS)}
    if not decision.reasons.strip():
        wrong["reasons"] = gettext("Give the reasons.")
    elif len(decision.reasons) > _REASONS_MAX:
        wrong["reasons"] = gettext("Use %(count)s characters at most.") % {"count": _REASONS_MAX}
    columns = _stretch(decision, dispute, wrong)
    if wrong:
        raise DisputeRefusedError(gettext("The dispute cannot be ruled like this."), fields=wrong)
    return columns | {
        "state": decision.decision,
        "reasons": decision.reasons.strip(),
        "ruled_by_id": actor.membership_id,
        "ruled_by_name": actor.name,
        "ruled_at": at,
    }


def _stretch(decision: Decision, dispute: Dispute, wrong: dict[str, str]) -> dict[str, Any]:
    """What is ruled of a stretch; nothing of a verdict, and nothing where the dispute is rejected."""
    given = (decision.started_at, decision.ended_at, decision.ruled_kind, decision.ruled_group)
    if dispute.started_at is None or dispute.ended_at is None or decision.decision != "upheld":
        if any(given):
            wrong["started_at"] = gettext("Only a stretch of time that is upheld has a time and a party.")
        return {}
    start = _whole(decision.started_at) or dispute.started_at
    end = _whole(decision.ended_at) or dispute.ended_at
    if start < dispute.started_at:
        wrong["started_at"] = gettext("The ruled time lies within the contested one.")
    if end > dispute.ended_at:
        wrong["ended_at"] = gettext("The ruled time lies within the contested one.")
    if end <= start:
        wrong["ended_at"] = gettext("The end comes after the beginning.")
    claimed = dispute.claimed_group.code if dispute.claimed_group else ""
    kind = decision.ruled_kind or dispute.claimed_kind
    group = decision.ruled_group if decision.ruled_kind else claimed
    wrong |= wrong_party(kind, group, dispute.provider_id, "ruled_kind", "ruled_group")
    return {
        "ruled_started_at": start,
        "ruled_ended_at": end,
        "ruled_kind": kind,
        "ruled_group": find_group(group) if kind == "group" else None,
    }


def _whole(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC).replace(microsecond=0)
