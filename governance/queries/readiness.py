"""How ready a service or a supplier is: what the platform computes, what evidence shows, and what is missing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext

from catalogue.models import Service
from design.languages import content_language
from governance.engine.checks import Check, Checklist, read_checklist, score
from governance.engine.standard_checklist import STANDARD_CHECKLIST
from governance.models import Checklist as ChecklistRow
from governance.models import EarlyLife, Evidence, EvidenceFile
from governance.queries.computed import met_by_services, met_by_suppliers
from lifecycle.public import NotFoundError
from people.models import Provider
from people.public import Actor, directory

Subject = Service | Provider


@dataclass(frozen=True, slots=True)
class FileView:
    """A file that shows that a check is met. status: quarantined until scanned, then clean or infected."""

    id: UUID
    name: str
    size: int
    status: str


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
    files: Sequence[FileView] = ()

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
    return {row.code: row for row in _given([subject]).get(subject.pk, ())}


def readiness_of(subject: Subject, today: date, actor: Actor | None = None) -> Readiness:
    """How ready a service or supplier is today; what `actor` could sign off is marked."""
    return readiness_of_many([subject], today, actor)[subject.pk]


def readiness_of_many(
    subjects: Sequence[Subject], today: date, actor: Actor | None = None
) -> dict[UUID, Readiness]:
    """How ready several services, or several suppliers, are today, in as many reads as for one."""
    if not subjects:
        return {}
    asked = checklist().of(about_of(subjects[0]))
    given = _given(subjects)
    services = [each for each in subjects if isinstance(each, Service)]
    met = met_by_services(services, today) if services else met_by_suppliers(_suppliers(subjects), today)
    days = EarlyLife.objects.filter(service__in=services).values_list("service", "last_day")
    early = dict(days) if services else {}
    known = directory().roles
    held = {row.code for key, row in known.items() if actor and key in actor.role_ids}
    names = {row.code: row.name for row in known.values()}
    found = {}
    for subject in subjects:
        rows = {row.code: row for row in given.get(subject.pk, ())}
        checks = [_view(check, rows.get(check.code), met[subject.pk], names, actor, held) for check in asked]
        is_met = [check.is_met for check in checks]
        found[subject.pk] = Readiness(checks, score(is_met), early.get(subject.pk))
    return found


def _suppliers(subjects: Sequence[Subject]) -> list[Provider]:
    return [each for each in subjects if isinstance(each, Provider)]


def _given(subjects: Sequence[Subject]) -> dict[UUID, list[Evidence]]:
    """What was given for each of these, with its files."""
    name = "service" if isinstance(subjects[0], Service) else "provider"
    files = Prefetch("files", EvidenceFile.objects.order_by("added_at", "id"))
    found: dict[UUID, list[Evidence]] = defaultdict(list)
    for row in Evidence.objects.filter(**{f"{name}__in": subjects}).prefetch_related(files):
        found[getattr(row, f"{name}_id")].append(row)
    return found


def _view(
    check: Check,
    row: Evidence | None,
    met: set[str],
    roles: Mapping[str, str],
    actor: Actor | None,
    held: set[str],
) -> CheckView:
    if row is not None and row.is_waived:
        state = "waived"
    elif check.computed:
        state = "met" if check.computed in met else "missing"
    elif row is None:
        state = "missing"
    else:
        state = "met" if row.signed_at else "to_sign"
    return CheckView(
        code=check.code,
        title=check.title.get(content_language()) or check.title["en"],
        state=state,
        is_computed=bool(check.computed),
        role=roles.get(check.role, check.role),
        words=row.words if row else "",
        link=row.link if row else "",
        given_by=row.given_by_name if row else "",
        given_at=row.given_at if row else None,
        signed_by=row.signed_by_name if row else "",
        signed_at=row.signed_at if row else None,
        version=row.version if row else 0,
        may_sign=state == "to_sign"
        and check.role in held
        and actor is not None
        and row is not None
        and row.given_by_id != actor.membership_id,
        files=[FileView(file.pk, file.name, file.size, file.status) for file in row.files.all()]
        if row
        else (),
    )


def clean_file(subject: Subject, code: str, key: UUID) -> EvidenceFile:
    """A file that shows that a check is met, found clean. Raises NotFoundError for any other."""
    row = evidence_of(subject).get(code)
    file = EvidenceFile.objects.filter(pk=key, evidence=row).first() if row else None
    if file is None or file.status != EvidenceFile.Status.CLEAN:
        raise NotFoundError(gettext("There is no such file, or it cannot be fetched yet."))
    return file
