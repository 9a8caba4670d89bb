"""Clocks of promises, as the market calls them: what was promised for a task, and how it went."""

from typing import Any

from django.db.models import QuerySet

from market.engine.choices import Choices
from market.queries.fields import Field, Table, chosen, fields_of, instant, text
from market.queries.record_tables import EVERY_TASK
from people.public import Actor
from sla.models import Clock

_STAGES = Choices(
    {
        "running": "in_progress",
        "paused": "paused",
        "stopped": "completed",
        "superseded": "cancelled",
        "cancelled": "cancelled",
    },
    {"in_progress": "In progress", "paused": "Paused", "completed": "Completed", "cancelled": "Cancelled"},
)
_MET = Choices({"True": "false", "False": "true", "None": ""}, {"true": "true", "false": "false"})


def _clocks(actor: Actor) -> QuerySet[Any]:
    return Clock.objects.filter(record__in=EVERY_TASK.visible(actor).values("pk"))


CLOCKS = Table(
    name="task_sla",
    model=Clock,
    permission="sla:read",
    visible=_clocks,
    order=("-started_at", "-pk"),
    fields=fields_of(
        Field("sys_id", "id", "pk"),
        Field("task", "reference", "record", display="record__number", table="task"),
        text("sla", "code", is_exact=True),
        text("u_metric", "metric", is_exact=True),
        text("u_kind", "kind", is_exact=True),
        chosen("stage", "state", _STAGES),
        chosen("has_breached", "met", _MET),
        instant("start_time", "started_at"),
        instant("end_time", "stopped_at"),
        instant("planned_end_time", "due_at"),
        Field("u_duration_seconds", "whole", "duration"),
        Field("u_used_seconds", "whole", "consumed"),
    ),
)
