"""Upheld disputes as the engine reads them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from people.models import SupportGroup
from people.public import directory
from sla.engine import Reattribution, Ruling, VerdictRuling
from sla.models import Dispute
from sla.services.history import seconds


def rulings_on(keys: Collection[UUID]) -> Mapping[UUID, list[Ruling]]:
    """The rulings on these records, the oldest first, by record: of records without any nothing."""
    rows = Dispute.objects.filter(record__in=keys, state="upheld").order_by("ruled_at", "id")
    found: dict[UUID, list[Ruling]] = defaultdict(list)
    groups = directory().groups if rows else {}
    for row in rows:
        found[row.record_id].append(ruling_of(row, groups))
    return found


def ruling_of(dispute: Dispute, groups: Mapping[UUID, SupportGroup]) -> Ruling:
    """An upheld dispute, stored or not yet, as the engine reads it. `groups` has the ruled one."""
    if dispute.matched_at is not None:
        return VerdictRuling(
            target_id=str(dispute.target_version_id),
            party=str(dispute.party) if dispute.party else None,
            matched_at=seconds(dispute.matched_at),
            met=True,
        )
    if dispute.ruled_started_at is None or dispute.ruled_ended_at is None:
        message = f"dispute {dispute.pk} was not upheld"
        raise ValueError(message)
    group = groups[dispute.ruled_group_id] if dispute.ruled_group_id else None
    return Reattribution(
        start=seconds(dispute.ruled_started_at),
        end=seconds(dispute.ruled_ended_at),
        party_kind=dispute.ruled_kind,  # type: ignore[arg-type]  # of the model's choices
        group=str(group.pk) if group else None,
        provider=str(group.provider_id) if group else None,
    )
