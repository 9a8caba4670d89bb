"""Holding what a service promises against what its parts can keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from calendars.engine import NeverOpenError
from sla.engine.composition.availability import availability_of, factors_of
from sla.engine.composition.coverage import hours_gap
from sla.engine.composition.errors import CompositionTooLargeError
from sla.engine.composition.landscape import Landscape, Service, Task
from sla.engine.composition.network import Network, Stage
from sla.engine.composition.verdicts import Band, Promise, Verdict

_MOST_STAGES = 2000
_START, _END = "start", "end"


@dataclass(frozen=True, slots=True)
class Check:
    """A service's promises, each with its verdict, and what is missing to judge them."""

    service: str
    verdicts: tuple[Verdict, ...]

    @property
    def findings(self) -> tuple[Verdict, ...]:
        """What speaks against the promises."""
        return tuple(verdict for verdict in self.verdicts if not verdict.is_kept)


def check_service(
    landscape: Landscape,
    service: str,
    *,
    promises: Sequence[Promise],
    availability: Fraction | None,
    band: Band | None = None,
    plan: Sequence[Task] | None,
    low: int,
    high: int,
) -> Check:
    """Hold each promise, the promised availability (a share of one) and the hours of service against the parts.

    Of availability, what the band asks for counts as promised where it is more; that less is promised is told too.
    Times are judged by the worst start in [low, high). A service that names no part at all is judged by its plan only.
    """
    own = landscape.services[service]
    found: list[Verdict] = []
    asked = band.share if band is not None and band.share > (availability or 0) else availability
    wanted = {promise.metric for promise in promises}
    if own.groups:
        lacking = {"resolution"} & wanted
        found += _missing(landscape, service, lacking | ({"availability"} if asked is not None else set()))
    for promise in promises:
        if promise.metric == "resolution":
            found += _resolution(landscape, own, promise, low, high) if own.groups else ()
        elif plan is None:
            found.append(
                Verdict("missing_plan", promise.code, is_kept=False, name=promise.name, chain=(own.name,))
            )
        else:
            found += _fulfilment(landscape, own, promise, plan, low, high)
    if band is not None and availability is not None:
        found.append(_band(own, band, availability))
    if own.groups and asked is not None:
        banded = band.name if band is not None and asked != availability else ""
        found.append(_availability(landscape, own, asked, banded))
    if own.groups and own.hours is not None:
        found.append(_hours(landscape, own, low, high))
    return Check(own.name, tuple(found))


def repair_network(landscape: Landscape, service: str) -> Network:
    """How a service whose parts all failed at once is restored: no chain of repairs is slower than its slowest.

    A part is repaired by whoever supplies it, in the time and hours of the contract, once it was handed over down the
    services in between. Parts are repaired side by side, but for groups that are restored in turn; of alternatives only
    as many as are needed. Raises CompositionTooLargeError.
    """
    return Network(_Repair(landscape).stages(service), end=_END)


class _Repair:
    """Draws the stages of a repair."""

    def __init__(self, landscape: Landscape) -> None:
        self._landscape = landscape
        self._number = count()
        self._stages: list[Stage] = []

    def stages(self, service: str) -> list[Stage]:
        """All stages, the last one named `_END`."""
        start = Stage(_START, self._landscape.services[service].name)
        self._stages.append(start)
        ends = self._groups(self._landscape.services[service], start.key)
        self._stages.append(Stage(_END, after=tuple(ends) or (start.key,)))
        return self._stages

    def _groups(self, service: Service, begin: str) -> list[str]:
        ends = []
        for group in service.groups:
            after, of_members = begin, []
            for member in group.members:
                end = self._member(service, member.key, member.handover, after)
                of_members.append(end)
                after = end if group.is_in_turn else begin
            ends.append(self._add(after=tuple(of_members), needed=group.count))
        return ends

    def _member(self, service: Service, key: str, handover: int, after: str) -> str:
        if handover:
            # Whoever notices and passes on works in the hours of the service above.
            after = self._add(label=service.name, seconds=handover, hours=service.hours, after=(after,))
        part = self._landscape.components.get(key)
        if part is None:
            beneath = self._landscape.services[key]
            after = self._add(label=beneath.name, after=(after,))
            return self._add(after=tuple(self._groups(beneath, after)) or (after,))
        terms = part.terms
        seconds = terms.resolution if terms and terms.resolution else 0
        return self._add(
            label=part.name, seconds=seconds, hours=terms.hours if terms else None, after=(after,)
        )

    def _add(self, *, after: tuple[str, ...], **what: object) -> str:
        key = str(next(self._number))
        if len(self._stages) >= _MOST_STAGES:
            raise CompositionTooLargeError(f"more than {_MOST_STAGES} steps lead to a repair")
        self._stages.append(Stage(key, after=after, **what))  # type: ignore[arg-type]  # fields of Stage by name
        return key


def plan_network(landscape: Landscape, service: str, plan: Iterable[Task]) -> Network:
    """A fulfilment plan; its critical path is the slowest chain. Raises CircularCompositionError."""
    stages = [Stage(_START, landscape.services[service].name)]
    for task in plan:
        seconds, hours = task.seconds, task.hours
        if task.component:
            terms = landscape.components[task.component].terms
            seconds, hours = (terms.fulfilment or 0, terms.hours) if terms else (0, None)
        after = tuple(f"task:{key}" for key in task.after) or (_START,)
        stages.append(Stage(f"task:{task.key}", task.name, seconds, hours, after))
    last = tuple(stage.key for stage in stages)
    return Network([*stages, Stage(_END, after=last)], end=_END)


def _resolution(
    landscape: Landscape, service: Service, promise: Promise, low: int, high: int
) -> Iterator[Verdict]:
    try:
        network = repair_network(landscape, service.key)
    except CompositionTooLargeError as error:
        yield Verdict(
            "composition_too_large", promise.code, is_kept=False, name=promise.name, lacks=str(error)
        )
        return
    yield _timed(network, promise, service, low, high)


def _fulfilment(
    landscape: Landscape, service: Service, promise: Promise, plan: Sequence[Task], low: int, high: int
) -> Iterator[Verdict]:
    for task in plan:
        part = landscape.components[task.component] if task.component else None
        if part is None:
            continue
        chain = (service.name, task.name, part.name)
        if part.terms is None:
            yield Verdict(
                part.problem or "missing_terms", part.key, is_kept=False, name=part.name, chain=chain
            )
        elif part.terms.fulfilment is None:
            yield Verdict(
                "missing_terms", part.key, is_kept=False, name=part.name, chain=chain, lacks="fulfilment"
            )
    yield _timed(plan_network(landscape, service.key, plan), promise, service, low, high)


def _timed(network: Network, promise: Promise, service: Service, low: int, high: int) -> Verdict:
    try:
        worst = network.worst(measured_in=promise.hours, low=low, high=high)
    except NeverOpenError:
        return Verdict("never_ends", promise.code, is_kept=False, name=promise.name, chain=(service.name,))
    names = [link.label for link in worst.chain]
    # A service that hands over stands twice in a row: as itself, and as the hand-over.
    chain = tuple(name for name, before in zip(names, [None, *names], strict=False) if name != before)
    return Verdict(
        promise.metric,
        promise.code,
        is_kept=worst.seconds <= promise.seconds,
        name=promise.name,
        promised=promise.seconds,
        possible=worst.seconds,
        chain=chain,
        links=worst.chain,
        worst_start=None if worst.is_any else worst.start,
    )


def _band(service: Service, band: Band, promised: Fraction) -> Verdict:
    return Verdict(
        "band",
        "band",
        is_kept=promised >= band.share,
        name=band.name,
        promised=band.share,
        possible=promised,
        chain=(service.name,),
    )


def _availability(landscape: Landscape, service: Service, promised: Fraction, band: str) -> Verdict:
    try:
        possible = availability_of(landscape, service.key)
    except CompositionTooLargeError as error:
        return Verdict("composition_too_large", "availability", is_kept=False, lacks=str(error))
    factors = factors_of(landscape, service.key)
    return Verdict(
        "availability",
        "availability",
        is_kept=possible >= promised,
        name=band,
        promised=promised,
        possible=possible,
        chain=(service.name, *(factor.label for factor in factors if factor.share < 1)),
        factors=factors,
    )


def _hours(landscape: Landscape, service: Service, low: int, high: int) -> Verdict:
    hours = service.hours
    assert hours is not None  # noqa: S101  asked by check_service
    gap = hours_gap(landscape, service.key, hours=hours, low=low, high=high)
    promised = hours.open_seconds(low, high)
    return Verdict(
        "hours",
        "hours",
        is_kept=gap is None,
        promised=promised,
        possible=promised - gap.seconds if gap else promised,
        chain=(service.name, *(gap.parts if gap else ())),
        gap=gap,
    )


def _missing(landscape: Landscape, service: str, wanted: set[str]) -> Iterator[Verdict]:
    name = landscape.services[service].name
    for key in landscape.leaves(service):
        part = landscape.components[key]
        if part.terms is None:
            yield Verdict(
                part.problem or "missing_contract",
                key,
                is_kept=False,
                name=part.name,
                chain=(name, part.name),
            )
            continue
        for term in sorted(wanted):
            if getattr(part.terms, term) is None:
                yield Verdict(
                    "missing_terms", key, is_kept=False, name=part.name, chain=(name, part.name), lacks=term
                )
    for empty in landscape.empty_services(service):
        yield Verdict(
            "missing_components", empty.key, is_kept=False, name=empty.name, chain=(name, empty.name)
        )
