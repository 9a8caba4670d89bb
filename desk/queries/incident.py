"""Everything about one incident."""

from datetime import datetime

from django.utils.translation import gettext

from catalogue.public import priority_for
from desk.engine.pages import IncidentPart, Priority, RecordPage
from desk.engine.wording import door_in_words
from desk.queries.record import record_page
from incidents.public import RESOLUTION_CODES, detail_of, offers
from people.public import Actor
from records.models import Record


def incident_page(actor: Actor, record: Record, now: datetime) -> RecordPage:
    """Everything about one incident that the actor was allowed to load, as at `now` (UTC)."""
    return record_page(actor, record, now, offers=offers(actor, record), own=_own(record))


def _own(record: Record) -> IncidentPart:
    detail = detail_of(record)
    is_resolved = record.resolved_at is not None
    return IncidentPart(
        priority=Priority(
            level=record.priority,
            impact=detail.impact,
            urgency=detail.urgency,
            by_matrix=priority_for(service=record.service, impact=detail.impact, urgency=detail.urgency),
            is_overridden=detail.is_priority_overridden,
        ),
        category=detail.category.name if detail.category else "",
        contact=detail.contact,
        channel=door_in_words(detail.channel),
        resolution=detail.resolution if is_resolved else "",
        resolution_code=gettext(RESOLUTION_CODES.get(detail.resolution_code, "")) if is_resolved else "",
    )
