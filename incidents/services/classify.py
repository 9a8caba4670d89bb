"""Classifying: what is broken, and how urgently it matters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from catalogue.public import find_category, find_service, get_service, priority_for
from incidents.lifecycle import INCIDENT
from incidents.models import Incident
from incidents.queries import detail_of
from lifecycle.public import ForbiddenError, RuleError
from people.public import Actor
from records.models import Record
from records.public import Step, fact, require_seen, take_step


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What is to change; None leaves as it is. Codes for service and category, 1-4 for impact and urgency.

    `priority` overrides the matrix and takes a `reason`; `follow_matrix` ends that.
    """

    title: str | None = None
    description: str | None = None
    service: str | None = None
    category: str | None = None
    impact: int | None = None
    urgency: int | None = None
    priority: int | None = None
    follow_matrix: bool = False
    reason: str = ""
    external_reference: str | None = None


def classification_of(given: Mapping[str, Any]) -> Classification:
    """What a door was told to change, by name: a priority that is named, and empty, is the matrix's again."""
    return Classification(**given, follow_matrix="priority" in given and given["priority"] is None)


def classify(
    *, record: Record, to: Classification, actor: Actor, at: datetime, seen_version: int | None = None
) -> Record:
    """Change what an incident is about; priority follows the service's matrix unless overridden with a reason.

    Nothing to change writes nothing. Raises RuleError naming every field that is wrong.
    """
    INCIDENT.check(record, actor, "classify", {})
    detail = detail_of(record)
    wrong: dict[str, str] = {}
    header, columns = _header(to, wrong), _columns(to, detail, wrong)
    _check_override(to, actor, wrong)
    if wrong:
        raise RuleError(gettext("The incident cannot be changed like this."), fields=wrong)
    service_id = header.get("service", record.service_id)
    service = get_service(service_id) if service_id else None
    columns_now = {"impact": detail.impact, "urgency": detail.urgency} | columns
    if to.priority is not None:
        header["priority"] = to.priority
        columns["is_priority_overridden"] = True
    elif to.follow_matrix or not detail.is_priority_overridden:
        header["priority"] = priority_for(
            service=service, impact=columns_now["impact"], urgency=columns_now["urgency"]
        )
        if detail.is_priority_overridden:
            columns["is_priority_overridden"] = False
    facts = _facts(detail, columns, to)
    if not facts and all(_same(record, name, value) for name, value in header.items()):
        require_seen(record=record, seen_version=seen_version)
        return record
    with transaction.atomic():
        step = Step(verb="incident:classify", changes=header, facts=facts, message="classified")
        record = take_step(record=record, step=step, actor=actor, at=at, seen_version=seen_version)
        if columns:
            Incident.objects.filter(pk=record.pk).update(**columns)
    return record


def _same(record: Record, name: str, value: Any) -> bool:
    current = record.service_id if name == "service" else getattr(record, name)
    return bool(current == value)


def _header(to: Classification, wrong: dict[str, str]) -> dict[str, Any]:
    header: dict[str, Any] = {}
    if to.title is not None:
        header["title"] = to.title.strip()[:200]
        if not header["title"]:
            wrong["title"] = gettext("Enter a title.")
    if to.description is not None:
        header["description"] = to.description
    if to.external_reference is not None:
        header["external_reference"] = to.external_reference.strip()
    if to.service is not None:
        service = find_service(to.service) if to.service else None
        if to.service and service is None:
            wrong["service"] = gettext("No live service has the code %(code)s.") % {"code": repr(to.service)}
        header["service"] = service.pk if service else None
    return header


def _columns(to: Classification, detail: Incident, wrong: dict[str, str]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name in ("impact", "urgency"):
        level = getattr(to, name)
        if level is None or level == getattr(detail, name):
            continue
        if not 1 <= level <= 4:
            wrong[name] = "Use 1 (highest) to 4 (lowest)."
        columns[name] = level
    if to.category is not None:
        category = find_category(to.category) if to.category else None
        if to.category and category is None:
            wrong["category"] = gettext("No category has the code %(code)s.") % {"code": repr(to.category)}
        key = category.pk if category else None
        if key != detail.category_id:
            columns["category_id"] = key
    return columns


def _check_override(to: Classification, actor: Actor, wrong: dict[str, str]) -> None:
    if to.priority is None and not to.follow_matrix:
        return
    if not actor.may("incident:override-priority"):
        raise ForbiddenError(
            gettext("Priority follows impact and urgency."), permission="incident:override-priority"
        )
    if to.priority is None:
        return
    if not 1 <= to.priority <= 5:
        wrong["priority"] = "Use 1 (highest) to 5 (lowest)."
    if not to.reason.strip():
        wrong["reason"] = gettext("Say why the priority differs from the matrix.")


def _facts(detail: Incident, columns: dict[str, Any], to: Classification) -> dict[str, Any]:
    names = {"impact": "impact", "urgency": "urgency", "category_id": "category"}
    facts = {
        names[name]: fact(getattr(detail, name), value) for name, value in columns.items() if name in names
    }
    if to.priority is not None:
        facts["reason"] = fact(None, to.reason.strip())
    if columns.get("is_priority_overridden") is False:
        facts["priority_set_by"] = fact("hand", "matrix")
    return facts
