"""Deciding in somebody's stead: from one day to another, said beforehand by the one whose say it is."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from approvals.models import Approval, Approver, Delegation
from approvals.policy import require_own_hand
from approvals.queries.people import in_force, is_decider
from lifecycle.public import NotFoundError, RuleError
from people.public import Actor, find_member, today_in_tenant
from records.models import RecordPerson

LONGEST = timedelta(days=366)


def delegate(*, to: str, first_day: date, last_day: date, actor: Actor, at: datetime) -> Delegation:
    """Let somebody (by e-mail) decide in the actor's stead from the first to the last day, both included.

    Days are the tenant's. What is waiting now is theirs to see at once when it begins today. Raises RuleError naming
    each field: no such member, oneself, one who may not decide, days that passed or overlap another delegation.
    """
    me = require_own_hand(actor)
    today = today_in_tenant(actor, at)
    member, wrong = find_member(to), dict[str, str]()
    if member is None:
        wrong["delegate"] = gettext("Nobody here has the e-mail address %(email)s.") % {"email": repr(to)}
    elif member.pk == me:
        wrong["delegate"] = gettext("Choose somebody other than yourself.")
    elif not is_decider(member.pk):
        wrong["delegate"] = gettext("%(name)s acts for a supplier and does not decide.") % {
            "name": member.name
        }
    if first_day < today:
        wrong["first_day"] = gettext("Begin today or later.")
    if last_day < first_day:
        wrong["last_day"] = gettext("The last day is not before the first.")
    elif last_day - first_day > LONGEST:
        wrong["last_day"] = gettext("A delegation lasts a year at most.")
    if member is None or wrong:
        raise RuleError(gettext("This cannot be delegated like this."), fields=wrong)
    with transaction.atomic():
        own = Delegation.objects.select_for_update().filter(
            delegator=me, ended_at__isnull=True, last_day__gte=today
        )
        if any(row.first_day <= last_day and row.last_day >= first_day for row in own):
            words = gettext("You have delegated these days already: end that delegation first.")
            raise RuleError(words, fields={"first_day": words})
        made = Delegation.objects.create(
            delegator_id=me,
            delegate=member,
            first_day=first_day,
            last_day=last_day,
            made_at=at,
        )
        if first_day <= today:
            _show_what_waits(made)
    return made


def end_delegation(*, delegation_id: UUID, actor: Actor, at: datetime) -> Delegation:
    """Take one's delegation back from `at` (UTC) on. Ending it twice changes nothing. Raises NotFoundError."""
    with transaction.atomic():
        row = (
            Delegation.objects.select_for_update()
            .filter(pk=delegation_id, delegator=actor.membership_id)
            .first()
        )
        if row is None:
            raise NotFoundError(gettext("There is no such delegation."))
        if row.ended_at is None:
            row.ended_at = at
            row.save(update_fields=["ended_at"])
    return row


def show_what_begins(*, day: date) -> int:
    """Let delegates whose delegation begins on a day see what waits; says how many. Harmless to do twice."""
    rows = list(in_force(day).filter(first_day=day))
    for row in rows:
        _show_what_waits(row)
    return len(rows)


def _show_what_waits(delegation: Delegation) -> None:
    """Let the delegate see the records about which the delegator is asked now."""
    waiting = Approver.objects.filter(
        member=delegation.delegator_id,
        decision="",
        has_left=False,
        handed_to__isnull=True,
        approval__state=Approval.State.ASKED,
    )
    RecordPerson.objects.bulk_create(
        [
            RecordPerson(
                record_id=record,
                membership_id=delegation.delegate_id,
                reason=RecordPerson.Reason.APPROVER,
            )
            for record in waiting.values_list("approval__record_id", flat=True).distinct()
        ],
        ignore_conflicts=True,
    )
