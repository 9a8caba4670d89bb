"""Writing targets down."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from calendars.models import Calendar
from records.public import plain
from sla.engine import TargetDefinition
from sla.models import Target, TargetVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTerms:
    """What a target promises. `scope` maps attributes to allowed values; `duration` is in open seconds."""

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


def define_target(*, code: str, name: str, terms: TargetTerms, effective_from: datetime) -> Target:
    """A target, or new terms for the one with this code, in force from an instant (UTC) on.

    Records measured under the old terms stay measured by them. Raises TargetDefinitionError.
    """
    scope = {name: [plain(value) for value in values] for name, values in terms.scope.items()}
    TargetDefinition(
        id=code,
        code=code,
        kind=terms.kind,  # type: ignore[arg-type]
        metric=terms.metric,
        duration=terms.duration,
        calendar=str(terms.calendar.pk),
        scope={name: frozenset(values) for name, values in scope.items()},
        start_on=terms.start_on,
        stop_on=frozenset(terms.stop_on),
        pause_on=frozenset(terms.pause_on),
        warn_at=terms.warn_at,
    )
    with transaction.atomic():
        target, _ = Target.objects.get_or_create(code=code, defaults={"name": name})
        TargetVersion.objects.create(
            target=target,
            effective_from=effective_from,
            kind=terms.kind,
            metric=terms.metric,
            scope=scope,
            duration=terms.duration,
            calendar=terms.calendar,
            start_on=terms.start_on,
            stop_on=list(terms.stop_on),
            pause_on=list(terms.pause_on),
            warn_at=list(terms.warn_at),
            is_cumulative=terms.is_cumulative,
        )
    return target
