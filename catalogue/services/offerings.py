"""Designing offerings: drafts, publishing, withdrawing, audience."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from catalogue.engine.approvals import ApprovalFaultyError, missing_approval_words, read_approval
from catalogue.engine.designs import Design, DesignFaultyError, missing_words, read_design
from catalogue.engine.forms import FormFaultyError, missing_welsh, read_form
from catalogue.engine.offering_gates import faults_at_gates
from catalogue.engine.plans import PlanFaultyError, missing_plan_words, read_plan
from catalogue.lifecycle import USABLE
from catalogue.models import Category, Offering, OfferingAudience, OfferingVersion, Service
from catalogue.policy import DEFINE_OFFERINGS, require
from catalogue.queries.services import catalogue
from lifecycle.public import IllegalStepError, RuleError, StaleVersionError
from people.public import Actor, directory

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
CODE_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceCodes:
    """Whom an offering is for, by code; nothing named is everybody."""

    organisations: Collection[str] = ()
    roles: Collection[str] = ()
    support_groups: Collection[str] = ()


def create_offering(
    *, code: str, service: Service, name: str, category: Category | None = None, actor: Actor
) -> Offering:
    """A new offering of a service: a draft that nobody can request yet. Raises RuleError for a code that is taken."""
    require(actor, DEFINE_OFFERINGS)
    wrong = {}
    if not _CODE.fullmatch(code) or len(code) > CODE_MAX:
        wrong["code"] = gettext(
            "Use small letters, digits and single hyphens, %(most)s characters at most."
        ) % {"most": CODE_MAX}
    elif Offering.objects.filter(code=code).exists():
        wrong["code"] = gettext("There is an offering with the code %(code)s already.") % {"code": repr(code)}
    if not name.strip():
        wrong["name"] = gettext("Enter a name.")
    if wrong:
        raise RuleError(gettext("The offering cannot be created like this."), fields=wrong)
    design = {"name": {"en": name.strip()}}
    _refuse_faults(design)
    return Offering.objects.create(code=code, service=service, category=category, design=design)


def change_draft(
    *, offering: Offering, changes: Mapping[str, Any], actor: Actor, seen_version: int | None = None
) -> Offering:
    """Put other parts into the draft, by name; None takes a part out. What users see does not change.

    Raises RuleError naming each fault by path, and StaleVersionError when the draft changed since it was seen.
    """
    require(actor, DEFINE_OFFERINGS)
    with transaction.atomic():
        row = _locked(offering, seen_version)
        row.design = {name: part for name, part in (row.design | dict(changes)).items() if part is not None}
        _refuse_faults(row.design)
        row.draft_version += 1
        row.save(update_fields=["design", "draft_version"])
    return row


def file_offering(
    *,
    offering: Offering,
    service: Service,
    category: Category | None,
    audience: AudienceCodes,
    actor: Actor,
    seen_version: int | None = None,
) -> Offering:
    """Say of which service it is, where it stands in the catalogue, and whom it is for: at once, in every version.

    Raises RuleError naming codes that nobody has, and StaleVersionError.
    """
    require(actor, DEFINE_OFFERINGS)
    rows = _audience_rows(offering, audience)
    with transaction.atomic():
        row = _locked(offering, seen_version)
        row.service, row.category = service, category
        row.draft_version += 1
        row.save(update_fields=["service", "category", "draft_version"])
        OfferingAudience.objects.filter(offering=row).delete()
        OfferingAudience.objects.bulk_create(rows)
    return row


def publish_offering(
    *,
    offering: Offering,
    note: str = "",
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
    accepted_because: str = "",
) -> OfferingVersion:
    """Offer the draft from `at` (UTC) on, as a version that is never edited.

    Raises RuleError with all that is wrong with the design, by path, and what the gates raise; StaleVersionError.
    """
    require(actor, DEFINE_OFFERINGS)
    with transaction.atomic():
        row = _locked(offering, seen_version)
        faults = _faults(row, accepted_because, actor, at)
        if faults:
            raise RuleError(gettext("The offering cannot be published like this."), fields=faults)
        row.number += 1
        row.stage = Offering.Stage.PUBLISHED
        version = OfferingVersion.objects.create(
            offering=row,
            number=row.number,
            design=row.design,
            note=note.strip(),
            published_at=at,
            published_by_name=actor.name,
        )
        row.save(update_fields=["number", "stage"])
    return version


def faults_before_publishing(*, offering: Offering, actor: Actor, at: datetime) -> dict[str, str]:
    """All that speaks against publishing the draft at `at` (UTC), by path; "" for what a gate says of the whole."""
    require(actor, DEFINE_OFFERINGS)
    try:
        return _faults(offering, "", actor, at)
    except RuleError as error:
        return dict(error.fields) or {"": error.message}


def _faults(row: Offering, accepted_because: str, actor: Actor, at: datetime) -> dict[str, str]:
    faults = missing_words(_refuse_faults(row.design))
    faults |= {f"form.{path}": reason for path, reason in missing_welsh(row.design.get("form")).items()}
    for part, missing in (("approval", missing_approval_words), ("plan", missing_plan_words)):
        faults |= {f"{part}.{path}": reason for path, reason in missing(row.design.get(part)).items()}
    if row.service.stage not in USABLE:
        faults["service"] = gettext("%(name)s is %(stage)s; put it live first.") % {
            "name": row.service.name,
            "stage": row.service.get_stage_display().lower(),
        }
    return faults | faults_at_gates(
        offering=row, design=row.design, accepted_because=accepted_because, actor=actor, at=at
    )


def withdraw_offering(*, offering: Offering, actor: Actor, seen_version: int | None = None) -> Offering:
    """Nobody can request it any more; requests that were made go on, and show what was offered."""
    return _restage(
        offering, Offering.Stage.PUBLISHED, Offering.Stage.WITHDRAWN, "withdraw", actor, seen_version
    )


def offer_again(*, offering: Offering, actor: Actor, seen_version: int | None = None) -> Offering:
    """Offer the latest version of a withdrawn offering again."""
    return _restage(
        offering,
        Offering.Stage.WITHDRAWN,
        Offering.Stage.PUBLISHED,
        "offer_again",
        actor,
        seen_version,
    )


def _restage(
    offering: Offering, source: str, target: str, action: str, actor: Actor, seen_version: int | None
) -> Offering:
    require(actor, DEFINE_OFFERINGS)
    with transaction.atomic():
        row = _locked(offering, seen_version)
        if row.stage != source:
            raise IllegalStepError(
                gettext("The offering is %(stage)s.") % {"stage": row.get_stage_display().lower()},
                state=row.stage,
                action=action,
                allowed=(),
            )
        row.stage = target
        row.draft_version += 1
        row.save(update_fields=["stage", "draft_version"])
    return row


def _locked(offering: Offering, seen_version: int | None) -> Offering:
    row = Offering.objects.select_for_update(of=("self",)).select_related("service").get(pk=offering.pk)
    if seen_version not in (None, row.draft_version):
        raise StaleVersionError(
            gettext("The offering changed after you read it. Nothing was saved."),
            seen=seen_version or 0,
            current=row.draft_version,
            changes=[],
        )
    return row


def _refuse_faults(design: Mapping[str, Any]) -> Design:
    """The design as values, its form looked at too. Raises RuleError with every fault by path."""
    faults: dict[str, str] = {}
    form = read = None
    try:
        read = read_design(design)
    except DesignFaultyError as faulty:
        faults |= faulty.faults
    try:
        form = read_form(design.get("form"))
    except FormFaultyError as faulty:
        faults |= {f"form.{path}": reason for path, reason in faulty.faults.items()}
    for part, reader in (("approval", read_approval), ("plan", read_plan)):
        try:
            reader(design.get(part), form)
        except (ApprovalFaultyError, PlanFaultyError) as faulty:
            faults |= {
                f"{part}.{path}": reason
                for path, reason in faulty.faults.items()
                # Nothing can be said of conditions while nobody can tell what the form asks.
                if form is not None or "when" not in path.split(".")
            }
    if faults or read is None:
        raise RuleError(gettext("The offering cannot be like this."), fields=faults)
    return read


def _audience_rows(offering: Offering, audience: AudienceCodes) -> list[OfferingAudience]:
    known = directory()
    sorts = (
        ("organisation", "organisations", audience.organisations, known.organisations),
        ("role", "roles", audience.roles, known.roles),
        ("support_group", "support_groups", audience.support_groups, known.groups),
    )
    wrong, rows = {}, []
    for column, field, codes, there in sorts:
        by_code = {row.code: row for row in there.values()}
        unknown = sorted(set(codes) - by_code.keys())
        if unknown:
            wrong[field] = gettext("There is no %(sort)s with the code %(codes)s.") % {
                "sort": column.replace("_", " "),
                "codes": ", ".join(map(repr, unknown)),
            }
        rows += [
            OfferingAudience(offering=offering, **{column: by_code[code]})
            for code in dict.fromkeys(codes)
            if code in by_code
        ]
    if wrong:
        raise RuleError(gettext("There is no such audience."), fields=wrong)
    return rows


def category_with(code: str) -> Category | None:
    """The category with a code, "" for none. Raises RuleError."""
    if not code:
        return None
    found = next((row for row in catalogue().categories.values() if row.code == code and row.is_active), None)
    if found is None:
        raise RuleError(
            gettext("There is no such category."),
            fields={"category": gettext("No category has the code %(code)s.") % {"code": repr(code)}},
        )
    return found
