"""The portfolio: every service by where it stands in its life, and one with all that is said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from catalogue.lifecycle import PHASES, SERVICE
from catalogue.models import AvailabilityBand, Offering, PriorityMatrix, Service, ServiceStep
from lifecycle.public import NotFoundError, Offer
from people.public import Actor
from tenancy.engine.words import word

STAGES = {phase: [name for name, state in SERVICE.states.items() if state.phase == phase] for phase in PHASES}


# What nobody answers for, or what is in no band.
NONE = "none"


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step that was taken in the life of a service, and what was accepted with it. `at` in UTC."""

    label: str
    at: datetime
    by: str
    reason: str
    accepted: str
    accepted_because: str


@dataclass(frozen=True, slots=True)
class _Own:
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which services are asked for; "" for all.

    A phase ("pipeline", "live", "retired"), a stage, a kind, a text in name or code. `owner` is the e-mail address of
    who answers for them, `band` the code of theirs; "none" for those without.
    """

    phase: str = ""
    stage: str = ""
    kind: str = ""
    owner: str = ""
    band: str = ""
    text: str = ""


def portfolio(wanted: Wanted) -> QuerySet[Service]:
    """The services asked for, with what a line of the portfolio names."""
    owner, text = wanted.owner, wanted.text
    rows = Service.objects.select_related("owner", "owner_organisation", "availability_band")
    if wanted.phase in STAGES:
        rows = rows.filter(stage__in=STAGES[wanted.phase])
    if wanted.stage in SERVICE.states:
        rows = rows.filter(stage=wanted.stage)
    if wanted.kind in Service.Kind.values:
        rows = rows.filter(kind=wanted.kind)
    if wanted.band == NONE:
        rows = rows.filter(availability_band__isnull=True)
    elif wanted.band:
        rows = rows.filter(availability_band__code=wanted.band.lower())
    if owner == NONE:
        rows = rows.filter(owner__isnull=True)
    elif owner:
        rows = rows.filter(owner__email=owner.lower())
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(code__startswith=text.lower()))
    return rows


def counts_by_phase() -> dict[str, int]:
    """How many services stand in each phase."""
    found = dict(Service.objects.values_list("stage").annotate(Count("id")).order_by())
    return {phase: sum(found.get(stage, 0) for stage in stages) for phase, stages in STAGES.items()}


def owners() -> list[tuple[str, str]]:
    """Who answers for services: e-mail addresses and names, by name."""
    rows = Service.objects.filter(owner__isnull=False).values_list("owner__email", "owner__name")
    return sorted(rows.order_by().distinct(), key=lambda row: row[1])


def whole_service(code: str) -> Service:
    """A service in any stage, with all that its page names. Raises NotFoundError."""
    row = (
        Service.objects.select_related(
            "owner", "owner_organisation", "availability_band", "hours", "support_group", "matrix"
        )
        .filter(code=code)
        .first()
    )
    if row is None:
        raise NotFoundError(gettext("There is no such service."))
    return row


def stage_offers(service: Service, actor: Actor) -> tuple[Offer, ...]:
    """The steps that lead on from where a service stands, for this actor."""
    return SERVICE.available(_Own(service.stage), actor)


def steps_of_service(service: Service) -> list[StepLine]:
    """What happened in the life of a service, the latest first."""
    rows = ServiceStep.objects.filter(service=service).order_by("-at", "-id")[:100]
    labels = {name: step.label for name, step in SERVICE.transitions.items()}
    return [
        StepLine(
            labels.get(row.name, word("Propose")),
            row.at,
            row.by_name,
            row.reason,
            row.accepted,
            row.accepted_because,
        )
        for row in rows
    ]


def offerings_of_service(service: Service) -> Sequence[Offering]:
    """What can be requested from a service, or is being designed, by code."""
    return list(Offering.objects.filter(service=service).order_by("code")[:200])


def availability_bands() -> list[AvailabilityBand]:
    """The bands, the most available first."""
    return list(AvailabilityBand.objects.order_by("-percent", "code"))


def priority_matrices() -> list[PriorityMatrix]:
    """The priority matrices, by name."""
    return list(PriorityMatrix.objects.order_by("name"))
