"""What services are made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from catalogue.engine.cycles import find_cycle
from catalogue.engine.gates import pass_gates
from catalogue.models import Component, Dependency, DependencyGroup, Service
from catalogue.policy import DEFINE, require
from catalogue.services.refusals import (
    MOST_SECONDS,
    CircularCompositionError,
    RegisterRefusedError,
    check_version,
)
from people.public import Actor
from tenancy.engine.words import word

REFUSED = word("The service cannot be made of these parts.")


@dataclass(frozen=True, slots=True)
class Part:
    """A component or a service by code, one of both, and how long the service above takes to hand over to it."""

    component: str = ""
    service: str = ""
    handover_seconds: int = 0


@dataclass(frozen=True, slots=True)
class PartGroup:
    """Parts of which `needed` must work: all, unless said. `is_in_turn`: restored one after another."""

    name: str
    parts: tuple[Part, ...]
    needed: int | None = None
    is_in_turn: bool = False


def set_dependencies(
    *,
    service: Service,
    groups: Sequence[PartGroup],
    actor: Actor,
    at: datetime,
    accepted_because: str = "",
    seen_version: int | None = None,
) -> Service:
    """What a service is made of from now on. It, and every service that relies on it, must still keep its promises.

    Those that are not live yet may break theirs; else the reason must be given. `seen_version` is the `parts_version`
    that the change is meant for. Raises RegisterRefusedError, CircularCompositionError, StaleVersionError, and what the
    gates of publishing raise.
    """
    require(actor, DEFINE)
    _check_shape(groups)
    with transaction.atomic():
        services = locked_services()
        # As it is now: it may have gone live since it was read.
        service = services[service.code]
        check_version(seen=seen_version, current=service.parts_version)
        _check_circle(service, groups, services)
        _write(service, groups, services)
        service.parts_version += 1
        service.save(update_fields=["parts_version"])
        pass_gates(services=[service], occasion="save", accepted_because=accepted_because, actor=actor, at=at)
    return service


def locked_services() -> dict[str, Service]:
    """Every service by code, locked: what relies on what changes one at a time in the tenant.

    Else two halves of a circle could be written side by side, or a component go that is just being counted on.
    """
    return {row.code: row for row in Service.objects.select_for_update(no_key=True).order_by("id", "code")}


def _check_shape(groups: Sequence[PartGroup]) -> None:
    names = [group.name.strip() for group in groups]
    wrong = {
        f"groups[{index}].{name}": reason
        for index, group in enumerate(groups)
        for name, reason in _wrong_with(group, names).items()
    }
    if wrong:
        raise RegisterRefusedError(REFUSED, fields=wrong)


def _wrong_with(group: PartGroup, names: Sequence[str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not group.name.strip() or len(group.name) > 100:
        wrong["name"] = gettext("Give the group a name of at most 100 characters.")
    elif names.count(group.name.strip()) > 1:
        wrong["name"] = gettext("There are two groups named %(name)s.") % {"name": group.name.strip()}
    if not group.parts:
        wrong["parts"] = gettext("A group needs at least one part.")
    elif len({(part.component, part.service) for part in group.parts}) < len(group.parts):
        wrong["parts"] = gettext("A part stands in this group twice.")
    elif any(bool(part.component) == bool(part.service) for part in group.parts):
        wrong["parts"] = gettext("A part is a component or a service.")
    if group.needed is not None and not 1 <= group.needed <= len(group.parts):
        wrong["needed"] = gettext("Between 1 and %(parts)s of the parts can be needed.") % {
            "parts": len(group.parts)
        }
    elif group.is_in_turn and group.needed not in (None, len(group.parts)):
        wrong["is_in_turn"] = gettext("Alternatives are not restored in turn.")
    if any(not 0 <= part.handover_seconds <= MOST_SECONDS for part in group.parts):
        wrong["handover_seconds"] = gettext("A hand-over takes no time or more, and at most a year.")
    return wrong


def _check_circle(service: Service, groups: Sequence[PartGroup], services: dict[str, Service]) -> None:
    unknown = [part.service for part in _parts(groups) if part.service and part.service not in services]
    if unknown:
        raise RegisterRefusedError(
            REFUSED, fields={"service": gettext("There is no service %(code)s.") % {"code": unknown[0]}}
        )
    needs: dict[str, list[str]] = {code: [] for code in services}
    edges = Dependency.objects.filter(used_service__isnull=False).exclude(group__service=service)
    for needing, needed in edges.values_list("group__service__code", "used_service__code"):
        needs[needing].append(needed)
    needs[service.code] = [part.service for part in _parts(groups) if part.service]
    cycle = find_cycle(needs)
    if cycle:
        # What was there before goes in no circle, so the service stands in this one.
        below = cycle[cycle.index(service.code) + 1]
        place = next(
            f"groups[{index}].parts[{number}].service"
            for index, group in enumerate(groups)
            for number, part in enumerate(group.parts)
            if part.service == below
        )
        raise CircularCompositionError(tuple(services[code].name for code in cycle), place=place)


def _write(service: Service, groups: Sequence[PartGroup], services: dict[str, Service]) -> None:
    components = {row.code: row for row in Component.objects.all()}
    unknown = [
        part.component for part in _parts(groups) if part.component and part.component not in components
    ]
    if unknown:
        raise RegisterRefusedError(
            REFUSED,
            fields={"component": gettext("There is no component %(code)s.") % {"code": unknown[0]}},
        )
    Dependency.objects.filter(group__service=service).delete()
    DependencyGroup.objects.filter(service=service).delete()
    for position, group in enumerate(groups):
        row = DependencyGroup.objects.create(
            service=service,
            name=group.name.strip(),
            position=position,
            needed=None if group.needed == len(group.parts) else group.needed,
            is_in_turn=group.is_in_turn,
        )
        Dependency.objects.bulk_create(
            Dependency(
                group=row,
                position=place,
                component=components.get(part.component),
                used_service=services.get(part.service),
                handover_seconds=part.handover_seconds,
            )
            for place, part in enumerate(group.parts)
        )


def _parts(groups: Sequence[PartGroup]) -> Iterable[Part]:
    return (part for group in groups for part in group.parts)
