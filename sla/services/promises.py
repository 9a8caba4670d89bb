"""Promises, checked when they are made: kept by the service's parts, or accepted with a recorded reason, or refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from catalogue.models import Service
from lifecycle.public import ForbiddenError, RuleError
from people.public import Actor
from sla.engine.composition import Check, Verdict
from sla.models import AvailabilityPromise, PromiseAcceptance, Target
from sla.services.composition import Composition, composition_at
from sla.services.define import TargetTerms, define_target
from sla.services.promise_words import sentence, verdict_json

HELD = ("live", "retiring")
DEFINE_TARGETS, DEFINE_SERVICES = "sla:define", "service:define"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What one service cannot keep, and has not been accepted."""

    service: Service
    findings: Sequence[Verdict]


class PromiseCannotBeKeptError(RuleError):
    """The parts of a service cannot keep what it promises, and nobody said why it is promised all the same."""

    code = "promise_cannot_be_kept"

    def __init__(self, shortfalls: Sequence[Shortfall]) -> None:
        words = " ".join(sentence(verdict) for short in shortfalls for verdict in short.findings)
        names = ", ".join(short.service.name for short in shortfalls)
        super().__init__(
            gettext("%(service)s cannot keep what it promises. %(why)s") % {"service": names, "why": words}
        )
        self.shortfalls = shortfalls

    def extra(self) -> dict[str, Any]:
        """Every finding, with the service that it is about."""
        return {
            "findings": [
                {"service": short.service.code} | verdict_json(verdict)
                for short in self.shortfalls
                for verdict in short.findings
            ]
        }


class PromiseRefusedError(RuleError):
    """A promise cannot be written down as given; `fields` says what is wrong."""

    code = "promise_refused"


def check_promise(*, service: Service, at: datetime) -> Check:
    """Every promise of a service held against its parts as they stand at an instant (UTC)."""
    return composition_at(at).check(service.pk)


def keep_promises(
    *, services: Sequence[Service], occasion: str, accepted_because: str, actor: Actor, at: datetime
) -> None:
    """Let services be published or saved when they, and every live service that relies on them, keep their promises.

    On saving only what is live is judged. Else a reason must be given, which is recorded with the findings. What was
    accepted before, and has become no worse, needs no new reason. The gate of the catalogue. Raises
    PromiseCannotBeKeptError.
    """
    if not services:
        return
    composition = composition_at(at)
    judged = {row.pk: row for row in services if occasion == "publish" or row.stage in HELD}
    for service in services:
        for key in composition.relying_on(service.pk):
            above = composition.register.services[key]
            if above.stage in HELD:
                judged.setdefault(key, above)
    shortfalls = [
        short for short in (_shortfall(composition, row) for row in judged.values()) if short.findings
    ]
    if not shortfalls:
        return
    reason = accepted_because.strip()
    if not reason:
        raise PromiseCannotBeKeptError(shortfalls)
    if not actor.may(DEFINE_SERVICES):
        raise ForbiddenError(
            gettext("Accepting a promise that cannot be kept needs the permission %(name)s.")
            % {"name": DEFINE_SERVICES},
            permission=DEFINE_SERVICES,
        )
    for short in shortfalls:
        PromiseAcceptance.objects.create(
            service=short.service,
            accepted_at=at,
            accepted_by_id=actor.membership_id,
            accepted_by_name=actor.name,
            occasion=occasion,
            reason=reason,
            findings=[_kept_finding(verdict) for verdict in composition.check(short.service.pk).findings],
        )


def hold_promises(
    *, services: Iterable[UUID], actor: Actor, at: datetime, accepted_because: str = ""
) -> None:
    """Check what these services promise from now on; call it inside the transaction that changed what they promise.

    Services that are not live yet are checked when they are published. Raises PromiseCannotBeKeptError.
    """
    live = Service.objects.select_for_update(no_key=True).filter(pk__in=list(services), stage__in=HELD)
    keep_promises(
        services=list(live.order_by("id")),
        occasion="save",
        accepted_because=accepted_because,
        actor=actor,
        at=at,
    )


def define_promise(
    *,
    code: str,
    name: str,
    terms: TargetTerms,
    effective_from: datetime,
    actor: Actor,
    at: datetime,
    accepted_because: str = "",
) -> Target:
    """As `define_target`, refused when a live service that it names cannot keep it and no reason is given.

    Raises PromiseCannotBeKeptError, TargetDefinitionError.
    """
    if not actor.may(DEFINE_TARGETS):
        raise ForbiddenError(
            gettext("This needs the permission %(permission)s.") % {"permission": DEFINE_TARGETS},
            permission=DEFINE_TARGETS,
        )
    with transaction.atomic():
        target = define_target(code=code, name=name, terms=terms, effective_from=effective_from)
        if terms.kind == "sla":
            hold_promises(
                services=[UUID(str(key)) for key in terms.scope.get("service", ())],
                actor=actor,
                at=max(at, effective_from),
                accepted_because=accepted_because,
            )
    return target


def promise_availability(
    *,
    service: Service,
    percent: Decimal | None,
    effective_from: datetime,
    actor: Actor,
    at: datetime,
    accepted_because: str = "",
) -> AvailabilityPromise:
    """What availability a service promises from an instant (UTC) on, in percent; None for no promise.

    Raises PromiseRefusedError, PromiseCannotBeKeptError.
    """
    if not actor.may(DEFINE_SERVICES):
        raise ForbiddenError(
            gettext("This needs the permission %(permission)s.") % {"permission": DEFINE_SERVICES},
            permission=DEFINE_SERVICES,
        )
    if percent is not None and not (
        percent.is_finite() and 0 < percent <= 100 and percent == round(percent, 4)
    ):
        words = gettext("Give a percentage above 0 and up to 100, with four decimals at most.")
        raise PromiseRefusedError(words, fields={"percent": words})
    try:
        with transaction.atomic():
            promise = AvailabilityPromise.objects.create(
                service=service, effective_from=effective_from, percent=percent
            )
            hold_promises(
                services=[service.pk],
                actor=actor,
                at=max(at, effective_from),
                accepted_because=accepted_because,
            )
    except IntegrityError as error:
        words = gettext(
            "Availability is promised from this instant on already; promises are added, never edited."
        )
        raise PromiseRefusedError(words, fields={"effective_from": words}) from error
    return promise


def not_accepted(findings: Iterable[Verdict], newest: PromiseAcceptance | None) -> list[Verdict]:
    """Those of a service's findings that its newest acceptance does not cover: not named there, or worse by now."""
    accepted = {_key(row): row for row in newest.findings} if newest else {}
    return [verdict for verdict in findings if not _is_covered(verdict, accepted)]


def _shortfall(composition: Composition, service: Service) -> Shortfall:
    """The findings that the newest acceptance does not cover."""
    findings = composition.check(service.pk).findings
    if not findings:
        return Shortfall(service, ())
    newest = PromiseAcceptance.objects.filter(service=service).order_by("-accepted_at", "-id").first()
    return Shortfall(service, not_accepted(findings, newest))


def _kept_finding(verdict: Verdict) -> dict[str, Any]:
    """A finding as an acceptance keeps it, its shortfall exact."""
    exact = verdict.shortfall
    return verdict_json(verdict) | {"exact_shortfall": None if exact is None else str(exact)}


def _key(row: Mapping[str, Any]) -> tuple[str, ...]:
    return row["kind"], row["subject"], row["lacks"]


def _is_covered(verdict: Verdict, accepted: Mapping[tuple[str, ...], Mapping[str, Any]]) -> bool:
    row = accepted.get((verdict.kind, verdict.subject, verdict.lacks))
    if row is None:
        return False
    exact = row["exact_shortfall"]
    return verdict.shortfall is None or (exact is not None and verdict.shortfall <= Fraction(exact))
