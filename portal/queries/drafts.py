"""What one has typed of a report, and what a report may be about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from catalogue.public import services_on_offer
from people.public import Actor
from portal.models import Draft, DraftFile
from portal.queries.record import FileLine


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as far as it was answered; `number` once it was sent."""

    id: UUID
    answers: dict[str, Any]
    number: str
    files: Sequence[FileLine]


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """A service that a problem may be reported with."""

    code: str
    name: str
    description: str


def get_draft(actor: Actor, draft_id: UUID) -> DraftView | None:
    """The actor's own draft, sent or not; None for any other."""
    draft = Draft.objects.filter(pk=draft_id, membership=actor.membership_id).first()
    if draft is None:
        return None
    files = DraftFile.objects.filter(draft=draft).order_by("added_at", "id")
    return DraftView(
        draft.pk, draft.answers, draft.number, [FileLine(file.pk, file.name, file.size, "") for file in files]
    )


def service_choices() -> list[ServiceChoice]:
    """Services that a problem may be reported with, by name."""
    return [ServiceChoice(row.code, row.name, row.description) for row in services_on_offer()]
