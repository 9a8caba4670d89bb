"""The life of a service, step by step: every gate is asked before it goes live, and retirement strands nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from catalogue.engine.gates import pass_gates
from catalogue.lifecycle import SERVICE
from catalogue.models import Dependency, Offering, Service, ServiceStep
from catalogue.policy import DEFINE, require
from catalogue.queries.definitions import missing_in_definition
from lifecycle.public import DomainError, RuleError, StaleVersionError
from people.public import Actor

REASON_MAX = 2000
_SHOWN = 5


class ServiceNotReadyError(RuleError):
    """A service may not take this step yet: `fields` names all that speaks against it, gate by gate."""

    code = "service_not_ready"


@dataclass(frozen=True, slots=True)
class _Own:
    """What a life cycle looks at."""

    state: str


def take_stage(
    *,
    service: Service,
    step: str,
    reason: str = "",
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
    accepted_because: str = "",
) -> Service:
    """Take a step in the life of a service at `at` (UTC), and keep who took it and why.

    Going live, every gate is asked: its definition, its readiness, its promises. Raises IllegalStepError,
    MissingFieldError without a reason where one is needed, StaleVersionError, ServiceNotReadyError with all that is
    still to be done, or the one error of the only gate that refuses.
    """
    require(actor, DEFINE)
    if len(reason) > REASON_MAX:
        words = gettext("Use %(most)s characters at most.") % {"most": REASON_MAX}
        raise RuleError(words, fields={"reason": words})
    with transaction.atomic():
        row = Service.objects.select_for_update(no_key=True).get(pk=service.pk)
        if seen_version not in (None, row.version):
            raise StaleVersionError(
                gettext("The service changed after you read it. Nothing was saved."),
                seen=seen_version or 0,
                current=row.version,
                changes=[],
            )
        taken = SERVICE.check(_Own(row.stage), actor, step, {"reason": reason.strip()})
        source, row.stage = row.stage, taken.target
        if step == "publish":
            _pass(row, accepted_because, actor, at)
        elif taken.target == "retired":
            _refuse(_still_used(row))
        row.version += 1
        row.save(update_fields=["stage", "version"])
        ServiceStep.objects.create(
            service=row,
            at=at,
            name=step,
            source=source,
            target=row.stage,
            reason=reason.strip() or accepted_because.strip(),
            by_name=actor.name,
        )
    return row


def _pass(service: Service, accepted_because: str, actor: Actor, at: datetime) -> None:
    """Ask the definition and every gate. Raises what the only one that refuses raises, or all of it in one error."""
    missing = missing_in_definition(service)
    refused: list[DomainError] = []
    if missing:
        refused.append(
            ServiceNotReadyError(gettext("Its definition does not say everything yet."), fields=missing)
        )
    refused += pass_gates(
        services=[service], occasion="publish", accepted_because=accepted_because, actor=actor, at=at
    )
    if not refused:
        return
    if len(refused) == 1:
        raise refused[0]
    fields: dict[str, str] = {}
    for error in refused:
        for name, words in (error.fields or {error.code: error.message}).items():
            fields[name] = f"{fields[name]} {words}" if name in fields else words
    raise ServiceNotReadyError(" ".join(error.message for error in refused), fields=fields)


def _still_used(service: Service) -> Mapping[str, str]:
    """What keeps a service from being retired: what is still offered of it, and live services that rely on it."""
    offered = Offering.objects.filter(service=service, stage=Offering.Stage.PUBLISHED).order_by("code")
    relying = Service.objects.filter(
        pk__in=Dependency.objects.filter(used_service=service).values("group__service_id"),
        stage__in=("live", "retiring"),
    ).order_by("name")
    found = {}
    if codes := list(offered.values_list("code", flat=True)[: _SHOWN + 1]):
        found["offerings"] = gettext("These are still offered: %(names)s.") % {"names": _some(codes)}
    if names := list(relying.values_list("name", flat=True)[: _SHOWN + 1]):
        found["dependencies"] = gettext("These live services rely on it: %(names)s.") % {
            "names": _some(names)
        }
    return found


def _some(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")


def _refuse(fields: Mapping[str, str]) -> None:
    if fields:
        raise ServiceNotReadyError(" ".join(fields.values()), fields=fields)
