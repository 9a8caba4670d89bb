"""Random documents of definitions, as the notation can hold them."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from calendars.engine import CalendarSpec, calendar_json
from sla.engine import EscalationTerms, TargetDefinition, TargetDefinitionError
from sla.engine.escalations import faults_of
from sla.engine.notation import CalendarEntry, Document, MatrixEntry, TargetEntry, Vocabulary

STATES = ("new", "in_progress", "pending_requester", "resolved", "closed")
WORDS = Vocabulary(
    states=STATES,
    scope=("service", "priority", "kind", "origin"),
    choices={
        "service": {"mail": "mail", "E-mail: the service": "mail", "maps": "maps"},
        "support_group": {"network": "network", "Network: the group": "network", "desk": "desk"},
        "provider": {"netco": "netco"},
        "role": {"manager": "manager", "Service management": "manager", "012": "012"},
    },
    needs_slugs=True,
)
_CODES = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)
# Words that YAML would take for something else are the point of a notation.
_TEXTS = st.one_of(
    st.sampled_from(("yes", "no", "null", "012", "1e3", "2026-01-01", "a: b", "# x", "- y", "'", '"', "ä ö")),
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20),
)


@st.composite
def _day(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    edges = sorted(draw(st.sets(st.integers(0, 24 * 12), min_size=2, max_size=6)))
    edges = edges[: len(edges) // 2 * 2]
    return tuple((start * 300, end * 300) for start, end in zip(edges[::2], edges[1::2], strict=True))


@st.composite
def calendars(draw: st.DrawFn, code: str) -> CalendarEntry:
    zone = draw(st.sampled_from(("Europe/London", "UTC", "Pacific/Chatham")))
    name = draw(st.one_of(st.just(""), _TEXTS))
    if draw(st.booleans()):
        return CalendarEntry(code, calendar_json(CalendarSpec(zone=zone, always=True)), name)
    days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
    empty = st.just(())
    spec = CalendarSpec(
        zone=zone,
        weekly=(
            draw(_day()),
            *(draw(st.one_of(empty, _day(), st.just(((32_400, 61_200),)))) for _ in range(6)),
        ),
        holidays=draw(st.frozensets(days, max_size=3)),
        exceptions=draw(st.dictionaries(days, st.one_of(empty, _day()), max_size=3)),
    )
    return CalendarEntry(code, calendar_json(spec), name)


# What holds a record and so pauses a clock, groups and providers by code.
HOLDERS = ("holder:requester", "holder:wire", "holder:unassigned", "group:network", "provider:netco")


@st.composite
def _escalations(draw: st.DrawFn, warn_at: tuple[int, ...]) -> tuple[EscalationTerms, ...]:
    points = st.sampled_from((*warn_at, 100))
    found = st.one_of(
        st.builds(EscalationTerms, percent=points, action=st.just("raise_priority")),
        st.builds(
            EscalationTerms,
            percent=points,
            action=st.just("notify_role"),
            role=st.sampled_from(("manager", "012")),
        ),
        st.builds(
            EscalationTerms,
            percent=points,
            action=st.just("reassign"),
            support_group=st.sampled_from(("network", "desk")),
        ),
    )
    drawn = tuple(sorted(draw(st.sets(found, max_size=4))))
    assert not list(faults_of(drawn, warn_at=warn_at))
    return drawn


def _is_sound(entry: TargetEntry) -> bool:
    """Whether the engine could measure by it: not every metric can have every stop, pause and kind."""
    try:
        TargetDefinition(
            id="",
            code=entry.code,
            kind=entry.kind,
            metric=entry.metric,
            duration=entry.duration_s,
            calendar=entry.calendar,
            start_on=entry.start,
            stop_on=entry.stop,
            pause_on=entry.pause,
            warn_at=entry.warn_at,
            cumulative=entry.cumulative,
        )
    except TargetDefinitionError:
        return False
    return True


@st.composite
def _target(draw: st.DrawFn, code: str, known: list[str]) -> TargetEntry:
    scope: dict[str, Any] = {
        "service": st.sampled_from(("mail", "maps")),
        "priority": st.integers(1, 5),
        "kind": _TEXTS,
        "origin": _TEXTS,
    }
    stop = draw(st.frozensets(st.sampled_from(("responded:comment", *STATES, "pending")), min_size=1))
    pause = draw(st.frozensets(st.sampled_from((*STATES, "pending", *HOLDERS))))
    warn_at = tuple(sorted(draw(st.sets(st.integers(1, 99), max_size=4))))
    return TargetEntry(
        code=code,
        name=draw(_TEXTS),
        kind=draw(st.sampled_from(("sla", "ola", "uc"))),
        metric=draw(st.sampled_from(("response", "update", "resolution", "fulfilment", "approval"))),
        applies_to={
            name: draw(st.frozensets(scope[name], min_size=1, max_size=3))
            for name in draw(st.lists(st.sampled_from(sorted(scope)), unique=True))
        },
        duration_s=draw(st.integers(1, 100_000)),
        calendar=draw(st.sampled_from(known)),
        start=draw(st.sampled_from(("opened", "responded:assigned", *STATES, "pending"))),
        stop=stop,
        pause=pause - stop - {"closed"},
        warn_at=warn_at,
        cumulative=draw(st.booleans()),
        pause_until=draw(st.booleans()),
        escalations=draw(st.one_of(st.none(), _escalations(warn_at))),
    )


@st.composite
def _matrix(draw: st.DrawFn, name: str, services: list[str]) -> MatrixEntry:
    return MatrixEntry(
        name=name,
        cells=tuple(draw(st.lists(st.integers(1, 5), min_size=16, max_size=16))),
        is_default=draw(st.sampled_from((None, False))),
        services=draw(st.one_of(st.none(), st.just(tuple(services)))),
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Draw one in the order in which it is printed."""
    codes = sorted(draw(st.sets(_CODES, min_size=1, max_size=3)))
    targets = sorted(draw(st.sets(_CODES, max_size=4)))
    retired = draw(st.sets(st.sampled_from(targets))) if targets else set()
    names = sorted(draw(st.sets(_TEXTS, max_size=2)))
    return Document(
        calendars={code: draw(calendars(code)) for code in codes},
        targets=tuple(
            draw(_target(code, codes).filter(_is_sound)) for code in targets if code not in retired
        ),
        retired=tuple(sorted(retired)),
        matrices=tuple(
            draw(_matrix(name, ["mail", "maps"][place : place + 1])) for place, name in enumerate(names)
        ),
        since=draw(st.one_of(st.none(), st.integers(0, 2_000_000_000))),
    )
