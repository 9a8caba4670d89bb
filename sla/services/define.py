"""Writing targets down."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from calendars.models import Calendar
from lifecycle.public import NotFoundError
from people.public import Actor
from records.public import plain, require
from sla.engine import EscalationTerms, TargetDefinition, TargetDefinitionError
from sla.models import Escalation, Target, TargetVersion
from sla.services.check_terms import check_instant, check_terms, group_with, role_with


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTerms:
    """What a target promises. `scope` maps attributes to allowed values; `duration` is in open seconds.

    `pause_on` names states, phases and holders as `sla.engine.pauses` has them; with `pause_until` a pause for
    something promised for a day ends on that day.
    """

    kind: str
    metric: str
    duration: int
    calendar: Calendar
    scope: Mapping[str, Iterable[Any]] = field(default_factory=dict)
    start_on: str = "opened"
    stop_on: tuple[str, ...] = ("resolved",)
    pause_on: tuple[str, ...] = ()
    warn_at: tuple[int, ...] = (50, 75, 90)
    is_cumulative: bool = True
    pause_until: bool = False
    escalations: tuple[EscalationTerms, ...] = ()


# The terms that a version holds in its own row; what happens on the way to a breach has rows of its own.
TERM_COLUMNS = tuple(each.name for each in fields(TargetTerms) if each.name != "escalations")


def define_target(
    *,
    code: str,
    name: str,
    terms: TargetTerms,
    effective_from: datetime,
    actor: Actor | None = None,
    at: datetime | None = None,
    is_history: bool | None = None,
) -> Target:
    """A target, or new terms for the one with this code, in force from an instant (UTC) on.

    Records measured under the old terms stay measured by them. Without an actor a tenant is set up, or its history
    imported; `is_history`, by default just then, lets terms begin before the tenant existed. With `at`, the present
    instant, they must begin after it: what was measured stays as it is. Raises ForbiddenError without sla:define,
    TargetDefinitionError naming every field that is wrong; then nothing is written.
    """
    if actor is not None:
        require(actor, "sla:define")
    scope = {name: [plain(value) for value in values] for name, values in terms.scope.items()}
    definition = TargetDefinition(
        id=code,
        code=code,
        kind=terms.kind,  # type: ignore[arg-type]  # it is checked there
        metric=terms.metric,
        duration=terms.duration,
        calendar=str(terms.calendar.pk),
        scope={name: frozenset(values) for name, values in scope.items()},
        start_on=terms.start_on,
        stop_on=frozenset(terms.stop_on),
        pause_on=frozenset(terms.pause_on),
        warn_at=terms.warn_at,
        cumulative=terms.is_cumulative,
        pause_until=terms.pause_until,
    )
    is_past_allowed = actor is None if is_history is None else is_history
    wrong = check_instant(effective_from=effective_from, at=at, is_history=is_past_allowed)
    wrong |= check_terms(
        definition=definition,
        escalations=terms.escalations,
        effective_from=effective_from,
        is_history=is_past_allowed,
    )
    if wrong:
        raise TargetDefinitionError.of(wrong)
    with transaction.atomic():
        target, _ = Target.objects.get_or_create(code=code, defaults={"name": name})
        version = _version(target, effective_from, _columns(terms) | {"scope": scope})
        _escalate(version, terms.escalations)
    return target


def retire_target(*, code: str, effective_from: datetime, actor: Actor, at: datetime) -> Target:
    """Let a target apply to nothing from an instant (UTC) after `at` on; what it measures by then it goes on measuring.

    Raises ForbiddenError without sla:define, NotFoundError for an unknown code, TargetDefinitionError.
    """
    require(actor, "sla:define")
    target = Target.objects.filter(code=code).first()
    last = target.versions.order_by("effective_from").last() if target else None
    if target is None or last is None:
        raise NotFoundError(gettext("There is no such target."))
    wrong = check_instant(effective_from=effective_from, at=at, is_history=False)
    if not wrong and last.is_retired:
        wrong = {
            "effective_from": gettext("The target is retired already, from %(effective_from)s.")
            % {"effective_from": last.effective_from.isoformat()}
        }
    if not wrong and effective_from <= last.effective_from:
        wrong = {
            "effective_from": gettext("Its latest terms begin on %(effective_from)s; use a later instant.")
            % {"effective_from": last.effective_from.isoformat()}
        }
    if wrong:
        raise TargetDefinitionError.of(wrong)
    write_end(last=last, effective_from=effective_from)
    return target


def write_end(*, last: TargetVersion, effective_from: datetime) -> TargetVersion:
    """A version from whose instant (UTC) on the target applies to nothing; its other columns repeat the last terms.

    Raises TargetDefinitionError where terms begin at that instant already.
    """
    kept = (field.attname for field in TargetVersion._meta.concrete_fields)
    terms = {name: getattr(last, name) for name in kept if name not in _OF_A_VERSION}
    with transaction.atomic():
        end = _version(last.target, effective_from, terms | {"is_retired": True})
        Escalation.objects.bulk_create(
            Escalation(
                target_version=end,
                percent=row.percent,
                action=row.action,
                role_id=row.role_id,
                support_group_id=row.support_group_id,
            )
            for row in last.escalations.all()
        )
    return end


_OF_A_VERSION = frozenset({"id", "tenant_id", "target_id", "effective_from", "is_retired"})


def _columns(terms: TargetTerms) -> dict[str, Any]:
    values = {name: getattr(terms, name) for name in TERM_COLUMNS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _version(target: Target, effective_from: datetime, terms: Mapping[str, Any]) -> TargetVersion:
    try:
        with transaction.atomic():
            return TargetVersion.objects.create(target=target, effective_from=effective_from, **terms)
    except IntegrityError as error:
        if "target_version_instant" not in str(error):
            raise
        raise TargetDefinitionError(
            "effective_from",
            gettext("Terms of %(code)s begin at %(effective_from)s already; use another instant.")
            % {"code": target.code, "effective_from": effective_from.isoformat()},
        ) from error


def terms_of(version: TargetVersion) -> TargetTerms:
    """The terms that a version says, what happens on the way to its breach included."""
    columns = {name: getattr(version, name) for name in TERM_COLUMNS}
    return TargetTerms(**columns, escalations=escalation_terms_of(version))


def escalation_terms_of(version: TargetVersion) -> tuple[EscalationTerms, ...]:
    """What happens at the points of a version's clocks, in order."""
    return tuple(
        EscalationTerms(
            percent=row.percent,
            action=row.action,
            role=row.role.code if row.role else "",
            support_group=row.support_group.code if row.support_group else "",
        )
        for row in sorted(version.escalations.all(), key=lambda row: (row.percent, row.pk))
    )


def _escalate(version: TargetVersion, escalations: Iterable[EscalationTerms]) -> None:
    Escalation.objects.bulk_create(
        Escalation(
            target_version=version,
            percent=each.percent,
            action=each.action,
            role=role_with(each.role),
            support_group=group_with(each.support_group),
        )
        for each in escalations
    )
