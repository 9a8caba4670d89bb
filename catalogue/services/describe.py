"""Proposing a service, and saying what it is: its kind, its owner, for whom it is, when, how available."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from calendars.public import find_calendar
from catalogue.engine.gates import pass_gates
from catalogue.models import AvailabilityBand, PriorityMatrix, Service, ServiceStep
from catalogue.policy import DEFINE, require
from lifecycle.public import RuleError, StaleVersionError
from people.public import Actor, directory, find_group, find_member

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST = {"code": 60, "name": 200, "description": 5000, "audience": 5000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What is said of a service; things by code, people by e-mail, "" for none."""

    name: str
    kind: str = "functional"
    description: str = ""
    audience: str = ""
    owner: str = ""
    owner_organisation: str = ""
    support_group: str = ""
    hours: str = ""
    availability_band: str = ""
    matrix: str = ""
    default_impact: int = 3


def propose_service(*, code: str, said: Description, actor: Actor, at: datetime) -> Service:
    """A new service, proposed at `at` (UTC). Raises RuleError naming each field that is wrong."""
    require(actor, DEFINE)
    columns, wrong = _read(said)
    if not _CODE.fullmatch(code) or len(code) > _LONGEST["code"]:
        wrong["code"] = gettext(
            "Use small letters, digits and single hyphens, %(most)s characters at most."
        ) % {"most": _LONGEST["code"]}
    elif Service.objects.filter(code=code).exists():
        wrong["code"] = gettext("There is a service with the code %(code)s already.") % {"code": repr(code)}
    if wrong:
        raise RuleError(gettext("The service cannot be written down like this."), fields=wrong)
    try:
        with transaction.atomic():
            row = Service.objects.create(code=code, stage=Service.Stage.PROPOSED, **columns)
            ServiceStep.objects.create(
                service=row, at=at, name="propose", source="", target=row.stage, by_name=actor.name
            )
    except IntegrityError as twin:
        words = gettext("There is a service with the code %(code)s already.") % {"code": repr(code)}
        raise RuleError(words, fields={"code": words}) from twin
    return row


def describe_service(
    *,
    service: Service,
    said: Description,
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
    accepted_because: str = "",
) -> Service:
    """Say something else of a service from `at` (UTC) on; what it promises is held against its parts again.

    Raises RuleError naming each field that is wrong, StaleVersionError, and what the gates raise.
    """
    require(actor, DEFINE)
    columns, wrong = _read(said)
    if wrong:
        raise RuleError(gettext("The service cannot be written down like this."), fields=wrong)
    with transaction.atomic():
        row = Service.objects.select_for_update(no_key=True).get(pk=service.pk)
        if seen_version not in (None, row.version):
            raise StaleVersionError(
                gettext("The service changed after you read it. Nothing was saved."),
                seen=seen_version or 0,
                current=row.version,
                changes=[],
            )
        for name, value in columns.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
        pass_gates(services=[row], occasion="save", accepted_because=accepted_because, actor=actor, at=at)
    return row


def _read(said: Description) -> tuple[Mapping[str, Any], dict[str, str]]:
    known, wrong = directory(), dict[str, str]()
    for name in ("name", "description", "audience"):
        if len(getattr(said, name)) > _LONGEST[name]:
            wrong[name] = gettext("Use %(most)s characters at most.") % {"most": _LONGEST[name]}
    if not said.name.strip():
        wrong["name"] = gettext("Enter a name.")
    if said.kind not in Service.Kind.values:
        wrong["kind"] = gettext("Use one of %(known)s.") % {"known": ", ".join(Service.Kind.values)}
    if said.default_impact not in range(1, 5):
        wrong["default_impact"] = gettext("Use a number from 1 to 4.")
    organisations = {row.code: row for row in known.organisations.values()}
    found = {
        "owner": (said.owner, find_member(said.owner) if said.owner else None),
        "owner_organisation": (said.owner_organisation, organisations.get(said.owner_organisation)),
        "support_group": (said.support_group, find_group(said.support_group)),
        "hours": (said.hours, find_calendar(said.hours) if said.hours else None),
        "availability_band": (
            said.availability_band,
            AvailabilityBand.objects.filter(code=said.availability_band).first(),
        ),
        "matrix": (said.matrix, PriorityMatrix.objects.filter(name=said.matrix).first()),
    }
    for name, (asked, row) in found.items():
        if asked and row is None:
            wrong[name] = gettext("There is none called %(asked)s.") % {"asked": repr(asked)}
    columns = {name: row for name, (_, row) in found.items()} | {
        "name": said.name.strip(),
        "kind": said.kind,
        "description": said.description.strip(),
        "audience": said.audience.strip(),
        "default_impact": said.default_impact,
    }
    return columns, wrong
