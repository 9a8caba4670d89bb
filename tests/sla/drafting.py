"""Drafts to try things on: builders through the real services, and a clock that acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from calendars.models import CalendarVersion
from calendars.public import define_calendar
from catalogue.models import PriorityMatrix
from catalogue.public import create_matrix
from incidents.public import Report, assign, raise_incident, resolve
from people.public import Actor
from sla.models import Draft, DraftRun, TargetVersion
from sla.public import TargetTerms, define_target
from sla.services.adopt_draft import adopt_draft
from sla.services.drafts import (
    DraftText,
    request_run,
    start_draft,
)
from sla.services.replay import replay
from sla.services.run_draft import run_draft
from tests.support.world import OFFICE_HOURS, World

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
NOW = MONDAY_TEN + timedelta(days=7)
RECORDS = 5
LONGER = (
    "targets:\n- {code: resolution-rest, name: Resolution, duration: 16h, calendar: office,"
    " applies_to: {kind: incident, priority: [2, 3, 4, 5]}, stop: resolved, pause: pending_requester}\n"
)
HOURS = "calendars: {office: {zone: Europe/London, weekly: {mon-fri: 07:00-21:00}}}\n"
MATRIX = "matrices: [{name: Standard, cells: [[1,1,1,1],[1,1,1,1],[2,2,2,2],[5,5,5,5]]}]\n"
TEXT = DraftText(name="Sixteen hours", document=LONGER)


@dataclass
class Ticking:
    """A clock that does something at one of its ticks."""

    at_tick: int = -1
    then: Callable[[], object] = lambda: None
    ticks: int = field(default=0)

    def __call__(self) -> datetime:
        self.ticks += 1
        if self.ticks == self.at_tick:
            self.then()
        return NOW


def resolved_records(world: World) -> None:
    agent = world.actor(world.agent)
    for _ in range(RECORDS):
        record = raise_incident(report=Report(title="x", service="email"), actor=agent, at=MONDAY_TEN)
        record = assign(record=record, support_group="network", actor=agent, at=MONDAY_TEN)
        resolve(
            record=record,
            resolution="Done",
            resolution_code="fixed",
            actor=agent,
            at=MONDAY_TEN + timedelta(hours=30),
        )


def definer(world: World) -> Actor:
    return world.actor(world.administrator)


def new_draft(world: World, text: DraftText = TEXT) -> Draft:
    return start_draft(text=text, actor=definer(world), at=NOW)


def asked(world: World, draft: Draft) -> DraftRun:
    return request_run(draft_id=draft.pk, actor=definer(world), at=NOW)


def tried(world: World, text: DraftText = TEXT) -> Draft:
    draft = new_draft(world, text)
    assert run_draft(run_id=asked(world, draft).pk, read_time=Ticking()) == "finished"
    return draft


def adopt(world: World, draft: Draft, **rest: Any) -> Draft:
    return adopt_draft(
        **{"draft_id": draft.pk, "effective_from": None, "actor": definer(world), "at": NOW} | rest
    )


def versions() -> list[Any]:
    return [
        list(TargetVersion.objects.order_by("id").values()),
        list(CalendarVersion.objects.order_by("id").values()),
        list(PriorityMatrix.objects.order_by("id").values("id", "cells", "name")),
    ]


def differences() -> int:
    return sum(len(found) for _, found in replay())


def other_hours(world: World) -> None:
    hours = OFFICE_HOURS | {"holidays": ["2026-12-25"]}
    define_calendar(code="office", name="x", definition=hours, effective_from=NOW + timedelta(days=400))


def other_target(world: World) -> None:
    terms = TargetTerms(kind="uc", metric="resolution", duration=60, calendar=world.calendar)
    define_target(code="new", name="new", terms=terms, effective_from=NOW)


def other_matrix(_: World) -> None:
    create_matrix(name="Other", cells=[3] * 16)
