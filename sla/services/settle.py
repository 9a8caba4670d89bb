"""Ending a dispute: it is withdrawn by its provider, or ruled."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from lifecycle.public import ForbiddenError, IllegalStepError, StaleVersionError
from outbox.public import publish
from people.public import Actor
from records.public import require
from sla.models import Dispute
from sla.policy import CONTEST
from sla.queries.disputes import get_dispute
from tenancy.engine.words import word

_ENDINGS = {"withdrawn": word("withdrawn"), "upheld": word("upheld"), "rejected": word("rejected")}


def withdraw_dispute(*, dispute_id: UUID, seen_version: int | None, actor: Actor, at: datetime) -> Dispute:
    """The dispute taken back by its provider, until it is ruled. `seen_version` None: whatever it is by now.

    Raises ForbiddenError, NotFoundError, IllegalStepError, StaleVersionError.
    """
    require(actor, CONTEST)
    dispute = get_dispute(actor, dispute_id)
    if actor.provider_id != dispute.provider_id:
        raise ForbiddenError(gettext("Only the provider that contests may withdraw."), permission=CONTEST)
    with transaction.atomic():
        settle(dispute, seen_version, "withdraw", {"state": "withdrawn"}, actor)
        publish(
            kind="dispute.withdrawn",
            record_id=dispute.record_id,
            at=at,
            payload=payload_of(dispute, actor, "withdrawn"),
        )
    return get_dispute(actor, dispute_id)


def settle(
    dispute: Dispute, seen_version: int | None, action: str, columns: dict[str, Any], actor: Actor
) -> None:
    """End an open dispute that nobody changed since it was read, within the caller's transaction.

    Raises IllegalStepError, StaleVersionError.
    """
    version = dispute.version if seen_version is None else seen_version
    changed = Dispute.objects.filter(pk=dispute.pk, version=version, state="raised").update(
        **columns, version=version + 1
    )
    if changed:
        return
    refuse_settled(get_dispute(actor, dispute.pk), seen_version=seen_version, action=action)


def refuse_settled(dispute: Dispute, *, seen_version: int | None, action: str) -> None:
    """Let pass a dispute that is open and as it was seen. Raises IllegalStepError, StaleVersionError."""
    if seen_version is None or seen_version == dispute.version:
        if dispute.state == "raised":
            return
        raise IllegalStepError(
            gettext("The dispute was %(state)s already.")
            % {"state": gettext(_ENDINGS.get(dispute.state, dispute.state))},
            state=dispute.state,
            action=action,
            allowed=(),
        )
    at = dispute.ruled_at or dispute.raised_at
    raise StaleVersionError(
        gettext("The dispute was %(state)s after you read it. Nothing was saved.")
        % {"state": gettext(_ENDINGS.get(dispute.state, dispute.state))},
        seen=seen_version,
        current=dispute.version,
        changes=[
            {
                "at": at.isoformat(),
                "by": dispute.ruled_by_name,
                "verb": f"dispute:{dispute.state}",
                "facts": ["state"],
            }
        ],
    )


def payload_of(dispute: Dispute, actor: Actor, state: str) -> dict[str, str]:
    """What a message about a dispute carries: nothing of what either side says."""
    return {
        "dispute": str(dispute.pk),
        "provider": str(dispute.provider_id),
        "state": state,
        "by": str(actor.membership_id or ""),
        "by_name": actor.name,
    }
