"""Making audit entries."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from people.public import Actor
from records.models import AuditEntry, Record


def build_entry(
    *, record: Record, version: int, actor: Actor, at: datetime, verb: str, facts: Mapping[str, Any]
) -> AuditEntry:
    """An unsaved audit entry of a step that `actor` took at `at` (UTC)."""
    return AuditEntry(
        record_id=record.pk,
        tenant_id=record.tenant_id,
        version=version,
        at=at,
        verb=verb,
        door=actor.door,
        actor_kind=actor.kind,
        actor_id=actor.membership_id or actor.client_id,
        actor_name=actor.name[:200],
        provider_id=actor.provider_id,
        facts=dict(facts),
    )
