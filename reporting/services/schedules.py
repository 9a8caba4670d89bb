"""Schedules: written, switched on and off, deleted, and carried out."""

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext

from lifecycle.public import NotFoundError
from outbox.public import publish
from people.public import Actor, get_tenant, system_actor
from reporting.engine.months import due_after, month_told
from reporting.models import Schedule
from reporting.services.issue import ReportError, check_asked, issue_report, require_issuer

LOG = logging.getLogger(__name__)
ISSUED = "report.issued"
LAST_DAY = 28
MOST_RECIPIENTS = 50


def create_schedule(
    *,
    kind: str,
    provider_id: UUID | None,
    day: int,
    hour: int,
    recipients: Sequence[str],
    language: str,
    actor: Actor,
    at: datetime,
) -> Schedule:
    """A monthly report for these addresses, first due after `at`. Raises ForbiddenError, ReportError."""
    require_issuer(actor)
    check_asked(kind=kind, provider_id=provider_id, language=language)
    if not 1 <= day <= LAST_DAY:
        raise ReportError(day=gettext("Choose a day from 1 to 28, which every month has."))
    if not 0 <= hour <= 23:
        raise ReportError(hour=gettext("Choose an hour from 0 to 23."))
    zone = get_tenant(actor.tenant_id).time_zone
    return Schedule.objects.create(
        kind=kind,
        provider_id=provider_id,
        day=day,
        hour=hour,
        recipients=_checked(recipients),
        language=language,
        next_at=due_after(at, day=day, hour=hour, zone=zone),
        created_at=at,
        created_by=actor.name,
    )


def _checked(recipients: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(each.strip().lower() for each in recipients if each.strip()))
    if not found:
        raise ReportError(recipients=gettext("Enter the address of at least one reader."))
    if len(found) > MOST_RECIPIENTS:
        raise ReportError(recipients=gettext("Enter at most %(most)d addresses.") % {"most": MOST_RECIPIENTS})
    for address in found:
        try:
            validate_email(address)
        except ValidationError as error:
            words = gettext("“%(address)s” is not an e-mail address.") % {"address": address}
            raise ReportError(recipients=words) from error
    return found


@transaction.atomic
def switch_schedule(*, schedule_id: UUID, is_enabled: bool, actor: Actor, at: datetime) -> Schedule:
    """Switch a schedule on or off. Switched on again it is next due after `at`: months missed stay missed.

    Raises ForbiddenError, NotFoundError.
    """
    schedule = _locked(schedule_id, actor)
    if is_enabled and not schedule.is_enabled:
        zone = get_tenant(actor.tenant_id).time_zone
        schedule.next_at = due_after(at, day=schedule.day, hour=schedule.hour, zone=zone)
    schedule.is_enabled = is_enabled
    schedule.save(update_fields=["is_enabled", "next_at"])
    return schedule


@transaction.atomic
def delete_schedule(*, schedule_id: UUID, actor: Actor) -> None:
    """Delete a schedule; the reports it issued stay. Raises ForbiddenError, NotFoundError."""
    _locked(schedule_id, actor).delete()


def _locked(schedule_id: UUID, actor: Actor) -> Schedule:
    require_issuer(actor)
    schedule = Schedule.objects.select_for_update().filter(pk=schedule_id).first()
    if schedule is None:
        raise NotFoundError(gettext("There is no such schedule."))
    return schedule


def issue_due(*, tenant_id: int, at: datetime) -> int:
    """Issue what is due in the tenant in scope, and tell the outbox of each; returns how many.

    A schedule is claimed, its report issued and its next instant set in one transaction: once a month, however many do
    this at once and wherever one of them dies. A schedule that fails is left for the next time and holds up no other.
    """
    issued, failed = 0, set[UUID]()
    while True:
        try:
            key = _issue_next(tenant_id, at, failed)
        except _FailedError as error:
            LOG.exception("a scheduled report failed", extra={"schedule": str(error.schedule_id)})
            failed.add(error.schedule_id)
            continue
        if key is None:
            return issued
        issued += 1


class _FailedError(Exception):
    """A schedule's report could not be issued."""

    def __init__(self, schedule_id: UUID) -> None:
        super().__init__(str(schedule_id))
        self.schedule_id = schedule_id


def _issue_next(tenant_id: int, at: datetime, failed: set[UUID]) -> UUID | None:
    """Carry out one month of one due schedule; None when nothing more is due."""
    zone = get_tenant(tenant_id).time_zone
    with transaction.atomic():
        due = Schedule.objects.select_for_update(skip_locked=True).filter(is_enabled=True, next_at__lte=at)
        schedule = due.exclude(pk__in=failed).order_by("next_at", "id").first()
        if schedule is None:
            return None
        try:
            report = issue_report(
                kind=schedule.kind,
                month=month_told(schedule.next_at, zone=zone),
                provider_id=schedule.provider_id,
                language=schedule.language,
                actor=system_actor(
                    tenant_id, name=gettext("Schedule of %(name)s") % {"name": schedule.created_by}
                ),
                at=at,
                schedule=schedule,
            )
        except Exception as error:  # whatever stops one schedule must not stop the others
            raise _FailedError(schedule.pk) from error
        schedule.next_at = due_after(schedule.next_at, day=schedule.day, hour=schedule.hour, zone=zone)
        schedule.save(update_fields=["next_at"])
        payload = {"report": str(report.pk), "schedule": str(schedule.pk)}
        publish(kind="report.issued", record_id=None, at=at, payload=payload)
    return report.pk
