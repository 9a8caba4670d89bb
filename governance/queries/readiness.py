"""How ready a service or a supplier is: what the platform computes, what evidence shows, and what is missing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from catalogue.models import Component, Dependency, Service
from catalogue.public import missing_in_definition
from design.languages import content_language
from governance.engine.checks import Check, Checklist, read_checklist, score
from governance.engine.standard_checklist import STANDARD_CHECKLIST
from governance.models import Checklist as ChecklistRow
from governance.models import EarlyLife, Evidence
from lifecycle.public import NotFoundError
from people.models import GroupMembership, Provider, SupportGroup
from people.public import Actor, directory
from suppliers.models import Contract

Subject = Service | Provider


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check as people read it. state: met, missing, to_sign or waived. `version` is its evidence's, 0 without."""

    code: str
    title: str
    state: str
    is_computed: bool
    role: str
    words: str
    link: str
    given_by: str
    given_at: datetime | None
    signed_by: str
    signed_at: datetime | None
    version: int
    may_sign: bool

    @property
    def is_met(self) -> bool:
        """Whether nothing is missing."""
        return self.state in ("met", "waived")


@dataclass(frozen=True, slots=True)
class Readiness:
    """How ready somebody or something is, in per cent, and what of it is missing."""

    checks: Sequence[CheckView]
    score: int
    early_life_until: date | None

    @property
    def missing(self) -> Sequence[CheckView]:
        """The checks that are not met."""
        return [check for check in self.checks if not check.is_met]


def notation() -> Mapping[str, Any]:
    """The tenant's checklist in force as it was written; the standard one until it has its own."""
    newest = ChecklistRow.objects.order_by("-number").first()
    return newest.notation if newest else STANDARD_CHECKLIST


def checklist_number() -> int:
    """The number of the checklist in force, 0 for the standard one."""
    return ChecklistRow.objects.order_by("-number").values_list("number", flat=True).first() or 0


def checklist() -> Checklist:
    """The tenant's checklist in force. A role that is gone since signs nothing off, and keeps back what it should."""
    written = notation()
    named = [
        str(each["role"])
        for about in ("service", "supplier")
        for each in written.get(about, ())
        if each.get("role")
    ]
    return read_checklist(written, roles=named)


def subject_of(about: str, code: str) -> Subject:
    """The service or supplier with a code. Raises NotFoundError."""
    row: Subject | None
    if about == "service":
        row = Service.objects.select_related("support_group").filter(code=code).first()
    else:
        row = Provider.objects.filter(code=code).first()
    if row is None:
        raise NotFoundError(gettext("There is no such service or supplier."))
    return row


def about_of(subject: Subject) -> str:
    """Which sort of checks is asked."""
    return "service" if isinstance(subject, Service) else "supplier"


def evidence_of(subject: Subject) -> dict[str, Evidence]:
    """What was given for a service or supplier, by the code of its check."""
    rows = Evidence.objects.filter(
        **({"service": subject} if isinstance(subject, Service) else {"provider": subject})
    )
    return {row.code: row for row in rows}


def readiness_of(subject: Subject, today: date, actor: Actor | None = None) -> Readiness:
    """How ready a service or supplier is today; what `actor` could sign off is marked."""
    given = evidence_of(subject)
    roles = {row.code for key, row in directory().roles.items() if actor and key in actor.role_ids}
    checks = [
        _view(check, given.get(check.code), subject, today, actor, roles)
        for check in checklist().of(about_of(subject))
    ]
    until = None
    if isinstance(subject, Service):
        until = EarlyLife.objects.filter(service=subject).values_list("last_day", flat=True).first()
    return Readiness(checks, score([check.is_met for check in checks]), until)


def _view(
    check: Check,
    row: Evidence | None,
    subject: Subject,
    today: date,
    actor: Actor | None,
    roles: set[str],
) -> CheckView:
    title = check.title.get(content_language()) or check.title["en"]
    if row is not None and row.is_waived:
        state = "waived"
    elif check.computed:
        state = "met" if _COMPUTED[check.computed](subject, today) else "missing"
    elif row is None:
        state = "missing"
    else:
        state = "met" if row.signed_at else "to_sign"
    return CheckView(
        code=check.code,
        title=title,
        state=state,
        is_computed=bool(check.computed),
        role=next((role.name for role in directory().roles.values() if role.code == check.role), check.role),
        words=row.words if row else "",
        link=row.link if row else "",
        given_by=row.given_by_name if row else "",
        given_at=row.given_at if row else None,
        signed_by=row.signed_by_name if row else "",
        signed_at=row.signed_at if row else None,
        version=row.version if row else 0,
        may_sign=state == "to_sign"
        and check.role in roles
        and actor is not None
        and row is not None
        and row.given_by_id != actor.membership_id,
    )


def _peopled(groups: Sequence[UUID]) -> bool:
    with_people = GroupMembership.objects.filter(support_group__in=groups, membership__is_active=True)
    return bool(groups) and set(with_people.values_list("support_group", flat=True)) == set(groups)


def _has_group(subject: Any, _: date) -> bool:
    group = subject.support_group
    return group is not None and group.is_active and _peopled([group.pk])


def _in_force(today: date) -> Q:
    return Q(starts_date__lte=today) & (Q(ends_date__isnull=True) | Q(ends_date__gte=today))


def _has_contracts(subject: Any, today: date) -> bool:
    """Every component of it is under a contract in force. What is made of nothing yet has none to show."""
    used = Dependency.objects.filter(group__service=subject, component__isnull=False).values("component")
    parts = list(Component.objects.filter(pk__in=used).values_list("contract", flat=True))
    in_force = set(Contract.objects.filter(_in_force(today), pk__in=parts).values_list("pk", flat=True))
    return bool(parts) and all(key in in_force for key in parts)


def _groups_of(provider: Any) -> list[SupportGroup]:
    return list(SupportGroup.objects.filter(provider=provider, is_active=True))


_COMPUTED: dict[str, Callable[[Any, date], bool]] = {
    "support_group": _has_group,
    "contracts": _has_contracts,
    "definition": lambda subject, _: not missing_in_definition(subject),
    "hours": lambda subject, _: subject.hours_id is not None,
    "owner": lambda subject, _: subject.owner_id is not None,
    "contract": lambda subject, today: Contract.objects.filter(_in_force(today), provider=subject).exists(),
    "groups": lambda subject, _: _peopled([group.pk for group in _groups_of(subject)]),
    "mailboxes": lambda subject, _: (
        bool(_groups_of(subject)) and all(group.email for group in _groups_of(subject))
    ),
}
