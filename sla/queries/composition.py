"""Reads of what services are made of, and of how their promises stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from catalogue.models import Component, Dependency, Service
from catalogue.public import Register
from sla.engine.composition import Verdict
from sla.engine.composition.picture import Picture, draw
from sla.models import AvailabilityPromise, PromiseAcceptance
from sla.services.composition import Composition, composition_at
from sla.services.promise_words import ARROW, begins, sentence, verdict_json
from sla.services.promises import not_accepted


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service in a list: how many verdicts there are, how many speak against it, and whether that was accepted."""

    code: str
    name: str
    stage: str
    parts: int
    checked: int
    findings: int
    is_accepted: bool


class PartView(NamedTuple):
    """A part of a group. kind: component or service."""

    kind: str
    code: str
    name: str
    provider: str
    contract: str
    contract_name: str
    handover_seconds: int


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group of parts, of which `needed` must work."""

    name: str
    needed: int
    is_in_turn: bool
    parts: Sequence[PartView]

    @property
    def is_serial(self) -> bool:
        """Whether all must work."""
        return self.needed == len(self.parts)


@dataclass(frozen=True, slots=True)
class VerdictView:
    """A verdict in words, with its chain as one line, the stages of that, and its form for the API."""

    kind: str
    is_kept: bool
    is_accepted: bool
    words: str
    chain: str
    links: Sequence[tuple[str, str, str, int]]
    json: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AcceptanceView:
    """Somebody's reason for a promise that cannot be kept."""

    at: datetime
    by: str
    reason: str
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class CompositionView:
    """A service: its parts, how each promise stands, the picture, and what was accepted, the newest first."""

    code: str
    name: str
    stage: str
    version: int
    availability: Decimal | None
    groups: Sequence[GroupView]
    verdicts: Sequence[VerdictView]
    picture: Picture
    acceptances: Sequence[AcceptanceView]

    @property
    def findings(self) -> Sequence[VerdictView]:
        """What cannot be kept, or cannot be judged."""
        return [verdict for verdict in self.verdicts if not verdict.is_kept]


def composition_of(service: Service, at: datetime) -> CompositionView:
    """A service's composition at an instant (UTC)."""
    composition = composition_at(at)
    verdicts = composition.check(service.pk).verdicts
    rows = list(PromiseAcceptance.objects.filter(service=service).order_by("-accepted_at", "-id")[:20])
    is_open = not_accepted(verdicts, rows[0] if rows else None)
    slow = next((verdict for verdict in verdicts if not verdict.is_kept and verdict.links), None)
    promised = (
        AvailabilityPromise.objects.filter(service=service, effective_from__lte=at)
        .order_by("-effective_from", "-id")
        .first()
    )
    return CompositionView(
        code=service.code,
        name=service.name,
        stage=service.stage,
        version=service.parts_version,
        availability=promised.percent if promised else None,
        groups=list(_groups(composition, service)),
        verdicts=[
            view_of(verdict, is_accepted=not verdict.is_kept and verdict not in is_open)
            for verdict in verdicts
        ],
        picture=draw(composition.landscape, str(service.pk), slow.chain if slow else ()),
        acceptances=[
            AcceptanceView(
                row.accepted_at,
                row.accepted_by_name,
                row.reason,
                [finding["words"] for finding in row.findings],
            )
            for row in rows
        ],
    )


def view_of(verdict: Verdict, *, is_accepted: bool = False) -> VerdictView:
    """A verdict for a page."""
    return VerdictView(
        kind=verdict.kind,
        is_kept=verdict.is_kept,
        is_accepted=is_accepted,
        words=sentence(verdict),
        chain=ARROW.join(verdict.chain),
        links=[
            (link.label, begins(link.began_at), begins(link.ended_at), link.seconds)
            for link in verdict.links
            if link.seconds
        ],
        json=verdict_json(verdict),
    )


def lines_of(services: Iterable[Service], at: datetime) -> list[ServiceLine]:
    """Services for a list, each checked as things stand at an instant (UTC)."""
    rows = list(services)
    composition = composition_at(at)
    acceptances = PromiseAcceptance.objects.filter(service__in=[row.pk for row in rows])
    newest = {each.service_id: each for each in acceptances.order_by("accepted_at", "id")}
    lines = []
    for row in rows:
        check = composition.check(row.pk)
        lines.append(
            ServiceLine(
                code=row.code,
                name=row.name,
                stage=row.stage,
                parts=len(composition.landscape.leaves(str(row.pk))),
                checked=len(check.verdicts),
                findings=len(check.findings),
                is_accepted=not not_accepted(check.findings, newest.get(row.pk)),
            )
        )
    return lines


def part_choices(service: Service) -> list[tuple[str, str]]:
    """What may become a part: `component:code` or `service:code`, each with its name."""
    components = Component.objects.select_related("provider").order_by("name", "id")
    services = Service.objects.exclude(pk=service.pk).order_by("name", "id")
    return [
        *((f"component:{row.code}", f"{row.name} ({row.provider.name})") for row in components),
        *((f"service:{row.code}", row.name) for row in services),
    ]


def _groups(composition: Composition, service: Service) -> Iterable[GroupView]:
    known = composition.register
    for group in known.groups.get(service.pk, ()):
        parts = [_part(known, part) for part in known.parts.get(group.pk, ())]
        yield GroupView(group.name, group.needed or len(parts), group.is_in_turn, parts)


def _part(known: Register, part: Dependency) -> PartView:
    if part.component_id is None:
        below = known.services[part.used_service_id]  # type: ignore[index]  # one of both is there
        return PartView("service", below.code, below.name, "", "", "", part.handover_seconds)
    row = known.components[part.component_id]
    contract, contract_name = (row.contract.code, row.contract.name) if row.contract else ("", "")
    return PartView(
        "component", row.code, row.name, row.provider.name, contract, contract_name, part.handover_seconds
    )
