"""Every read of fulfilment tasks."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from people.public import Actor
from records.models import AuditEntry, Comment, Record
from records.public import Viewpoint, get_record, visible_records
from requests_app.engine.graph import ENDED, Node
from requests_app.models import AutomationRun, Task
from tenancy.public import compiled, platform_scope

KIND = "task"


def get_task(actor: Actor, number: str) -> Record:
    """The task with this number. Raises NotFoundError when there is none that the actor may see."""
    return get_record(actor, number, KIND)


def visible_tasks(actor: Actor | Viewpoint) -> QuerySet[Record]:
    """Tasks that the actor may see."""
    return visible_records(actor, KIND)


def task_detail(record: Record) -> Task:
    """What a task has beside the header."""
    return Task.objects.get(pk=record.pk)


def task_details(record_ids: Collection[UUID]) -> dict[UUID, Task]:
    """The same for several tasks."""
    return {row.pk: row for row in Task.objects.filter(pk__in=list(record_ids))}


def request_numbers(tasks: Iterable[Task]) -> dict[UUID, str]:
    """The numbers of the requests that tasks belong to, by key; of those that the scope may see."""
    wanted = {task.request_id for task in tasks}
    return dict(Record.objects.filter(pk__in=wanted).values_list("pk", "number"))


def left_to_people(tasks: QuerySet[Record]) -> QuerySet[Record]:
    """Of these tasks, those that nothing is doing by itself just now."""
    running = AutomationRun.objects.exclude(state="ended").filter(record=OuterRef("pk"))
    return tasks.alias(running=Subquery(running.values("pk")[:1])).filter(running__isnull=True)


class RequestOfTask(NamedTuple):
    """What a line for a task says of its request: its number, what was asked for, and for whom."""

    number: str
    title: str
    affected_user: str | None


@compiled
def _requests_of(*, keys: Collection[UUID]) -> QuerySet[Task, Any]:
    columns = ("record_id", "request__number", "request__title", "request__affected_user__name")
    return Task.objects.filter(pk__among=keys).values_list(*columns)


def requests_of_tasks(record_ids: Iterable[UUID]) -> dict[UUID, RequestOfTask]:
    """The requests of these tasks in one read; of those whose request the scope may see."""
    return {key: RequestOfTask(*rest) for key, *rest in _requests_of(keys=list(record_ids))}


class TaskCounts(NamedTuple):
    """How many tasks of a request there are that nobody took out, have ended well, and have failed."""

    planned: int
    done: int
    failed: int


@compiled
def _counts(*, keys: Collection[UUID]) -> QuerySet[Task, Any]:
    counted = Task.objects.filter(request__among=keys).exclude(record__state="cancelled").values("request_id")
    return counted.annotate(
        planned=Count("pk"),
        done=Count("pk", filter=Q(record__state__in=ENDED)),
        failed=Count("pk", filter=Q(record__state="failed")),
    ).values_list("request_id", "planned", "done", "failed")


def task_counts(request_ids: Iterable[UUID]) -> dict[UUID, TaskCounts]:
    """How far these requests are, in one read; of the tasks that the scope may see."""
    return {key: TaskCounts(*counts) for key, *counts in _counts(keys=list(request_ids))}


def nodes_of(request_id: UUID) -> list[Node]:
    """The tasks of a request as the executor sees them, in the order of the plan."""
    rows = Task.objects.filter(request_id=request_id).order_by("position", "code")
    return [
        Node(code, state, tuple(after), replaces)
        for code, state, after, replaces in rows.values_list("code", "record__state", "after", "replaces")
    ]


def tasks_with(request_id: UUID, codes: Collection[str]) -> list[Task]:
    """The tasks of a request with these codes, in the order of the plan, with their headers and groups."""
    rows = Task.objects.select_related("record__support_group__provider")
    return list(rows.filter(request_id=request_id, code__in=list(codes)).order_by("position", "code"))


def tasks_of_request(request_id: UUID) -> list[Task]:
    """The tasks of a request in the order of the plan, with their headers, groups and people."""
    rows = Task.objects.select_related("record__support_group", "record__assignee")
    return list(rows.filter(request_id=request_id).order_by("position", "code"))


@dataclass(frozen=True, slots=True)
class Progress:
    """A part of the work in words for the requester."""

    code: str
    words: str
    state: str


def progress_of(request: Record, language: str) -> list[Progress]:
    """How far a request is, for the one who asked: tasks that tell something, replaced and left ones apart.

    Read as the platform: the requester sees no task, only these words.
    """
    rows = list(
        Task.objects.filter(request_id=request.pk)
        .order_by("position", "code")
        .values_list("code", "definition", "record__state", "record__title")
    )
    found = []
    for code, definition, state, _ in rows:
        told = definition.get("told") or {}
        words = told.get(language) or told.get("en", "")
        if words and state != "cancelled":
            found.append(Progress(code, words, state))
    return found


def words_of_entry(entry: str) -> str:
    """What was said to the requester's side with a step, by its audit entry; "" when nothing was."""
    facts = AuditEntry.objects.filter(pk=entry).values_list("facts", flat=True).first() or {}
    said = Comment.objects.filter(pk=facts["comment"]).first() if facts.get("comment") else None
    return said.body if said else ""


def runs_of(record: Record) -> Sequence[AutomationRun]:
    """What ran of itself for a task, in order."""
    return list(AutomationRun.objects.filter(record=record).order_by("attempt"))


def tenants_with_due_runs(at: datetime) -> list[int]:
    """The tenants with a run that is due at `at` (UTC), found over all in one look."""
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tenant_id FROM requests_app_automationrun"
            " WHERE state <> 'ended' AND next_at <= %s ORDER BY tenant_id",
            [at],
        )
        return [key for (key,) in cursor.fetchall()]


def due_runs(at: datetime, *, most: int) -> list[UUID]:
    """The runs of the tenant in scope that are due at `at` (UTC), the longest due first."""
    rows = AutomationRun.objects.exclude(state="ended").filter(next_at__lte=at).order_by("next_at")
    return list(rows.values_list("pk", flat=True)[:most])


def run_json(run: AutomationRun) -> dict[str, Any]:
    """A run as the API shows it."""
    return {
        "attempt": run.attempt,
        "tries": run.tries,
        "kind": run.kind,
        "state": run.state,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "next_at": run.next_at,
        "log": run.log,
        "outcome": run.outcome,
    }
