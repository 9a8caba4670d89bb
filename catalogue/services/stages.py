"""The life of a service, step by step: every gate is asked before it goes live, and retirement strands nobody."""

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

    Going live, every gate is asked: its definition, its readiness, its promises. What others rely on is retired by its
    owner alone, who says in `accepted_because` why all the same; who relied on it is kept with the step.

    Raises IllegalStepError, MissingFieldError without a reason where one is needed, StaleVersionError,
    ServiceNotReadyError with all that is still to be done, or the one error of the only gate that refuses.
    """
    require(actor, DEFINE)
    for name, text in (("reason", reason), ("accepted_because", accepted_because)):
        if len(text) > REASON_MAX:
            words = gettext("Use %(most)s characters at most.") % {"most": REASON_MAX}
            raise RuleError(words, fields={name: words})
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
        accepted = ""
        if step == "publish":
            _pass(row, accepted_because, actor, at)
        elif taken.target == "retired":
            accepted = _strand(row, accepted_because.strip(), actor)
        row.version += 1
        row.save(update_fields=["stage", "version"])
        ServiceStep.objects.create(
            service=row,
            at=at,
            name=step,
            source=source,
            target=row.stage,
            reason=reason.strip() or accepted_because.strip(),
            accepted=accepted,
            accepted_because=accepted_because.strip() if accepted else "",
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


def _strand(service: Service, because: str, actor: Actor) -> str:
    """Who relies on a service that is to be retired, in words, where its owner says why all the same; else "".

    Raises ServiceNotReadyError with all that keeps it from being retired.
    """
    refused = dict[str, str]()
    offered = Offering.objects.filter(service=service, stage=Offering.Stage.PUBLISHED).order_by("code")
    if codes := list(offered.values_list("code", flat=True)[: _SHOWN + 1]):
        refused["offerings"] = gettext("These are still offered: %(names)s.") % {"names": _some(codes)}
    relying = Service.objects.filter(
        pk__in=Dependency.objects.filter(used_service=service).values("group__service_id"),
        stage__in=("live", "retiring"),
    ).order_by("name")
    names = list(relying.values_list("name", flat=True))
    told = gettext("These live services rely on it: %(names)s.")
    if names and not because:
        refused["dependencies"] = told % {"names": _some(names)}
        refused["accepted_because"] = gettext("Its owner can retire it all the same, and says why here.")
    elif names and (service.owner_id is None or actor.membership_id != service.owner_id):
        refused["dependencies"] = told % {"names": _some(names)}
        refused["accepted_because"] = (
            gettext("Only its owner, %(name)s, can retire it all the same.") % {"name": service.owner.name}
            if service.owner
            else gettext("Only its owner can retire it all the same, and it has none. Say who owns it first.")
        )
    if refused:
        raise ServiceNotReadyError(" ".join(refused.values()), fields=refused)
    return told % {"names": ", ".join(names)} if names else ""


def _some(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
