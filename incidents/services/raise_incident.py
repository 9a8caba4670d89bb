"""Raising an incident, through any door."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from catalogue.models import Category, Service
from catalogue.public import find_category, find_service, priority_for
from incidents.models import Incident
from incidents.policy import may_raise_for
from lifecycle.public import RuleError
from people.models import Membership, SupportGroup
from people.public import Actor, entry_group, find_group, find_member, get_member
from records.models import Record
from records.public import Opening, fact, open_record, require

DEFAULT_LEVEL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What somebody reports. People by e-mail, everything else by code; empty means not said.

    impact and urgency run from 1 (highest) to 4; unsaid, impact is the service's and urgency 3.
    """

    title: str
    description: str = ""
    impact: int | None = None
    urgency: int | None = None
    service: str = ""
    category: str = ""
    requester: str = ""
    affected_user: str = ""
    support_group: str = ""
    external_reference: str = ""
    contact: str = ""


def raise_incident(*, report: Report, actor: Actor, at: datetime, key: UUID | None = None) -> Record:
    """Open an incident at `at` (UTC) with its number, clocks, custody and message.

    `key` is the record's own, for whoever must know it beforehand. Goes to the group named, else to the tenant's
    single point of contact.
    Raises ForbiddenError, or RuleError naming every field that is wrong.
    """
    require(actor, "incident:raise")
    wrong: dict[str, str] = {}
    if not report.title.strip():
        wrong["title"] = gettext("Enter a title.")
    service = _service(report.service, wrong)
    category = _category(report.category, wrong)
    group = _group(report.support_group, wrong)
    requester = _requester(report.requester, actor, wrong)
    affected = _member(report.affected_user, "affected_user", wrong) or requester
    impact = _level(report.impact, service.default_impact if service else DEFAULT_LEVEL, "impact", wrong)
    urgency = _level(report.urgency, DEFAULT_LEVEL, "urgency", wrong)
    if wrong:
        raise RuleError(gettext("The incident cannot be raised like this."), fields=wrong)
    priority = priority_for(service=service, impact=impact, urgency=urgency)
    opening = Opening(
        kind="incident",
        state="new",
        title=report.title,
        description=report.description,
        requester=requester,
        affected_user=affected,
        support_group=group,  # type: ignore[arg-type]  # a missing group is in `wrong`
        service=service,
        priority=priority,
        external_reference=report.external_reference.strip(),
        key=key,
    )
    incident = Incident(
        impact=impact, urgency=urgency, category=category, channel=actor.door, contact=report.contact.strip()
    )
    facts = {"impact": fact(None, impact), "urgency": fact(None, urgency)}
    if category:
        facts["category"] = fact(None, category.pk)
    record = open_record(
        opening=opening, actor=actor, at=at, verb="incident:raise", facts=facts, details=[incident]
    )
    record.incident = incident  # type: ignore[attr-defined]
    return record


def _service(code: str, wrong: dict[str, str]) -> Service | None:
    if not code:
        return None
    service = find_service(code)
    if service is None:
        wrong["service"] = gettext("No live service has the code %(code)s.") % {"code": repr(code)}
    return service


def _category(code: str, wrong: dict[str, str]) -> Category | None:
    if not code:
        return None
    category = find_category(code)
    if category is None:
        wrong["category"] = gettext("No category has the code %(code)s.") % {"code": repr(code)}
    return category


def _group(code: str, wrong: dict[str, str]) -> SupportGroup | None:
    group = find_group(code) if code else entry_group()
    if group is None:
        wrong["support_group"] = (
            gettext("No support group has the code %(code)s.") % {"code": repr(code)}
            if code
            else gettext("Name a group: there is no single point of contact.")
        )
    return group


def _requester(email: str, actor: Actor, wrong: dict[str, str]) -> Membership | None:
    if email:
        may_raise_for(actor, email)
        return _member(email, "requester", wrong)
    return get_member(actor.membership_id) if actor.membership_id else None


def _member(email: str, field: str, wrong: dict[str, str]) -> Membership | None:
    if not email:
        return None
    member = find_member(email)
    if member is None:
        wrong[field] = gettext("Nobody here has the e-mail address %(email)s.") % {"email": repr(email)}
    return member


def _level(given: int | None, default: int, field: str, wrong: dict[str, str]) -> int:
    level = default if given is None else given
    if not 1 <= level <= 4:
        wrong[field] = "Use 1 (highest) to 4 (lowest)."
    return level
