"""Listing and reading fulfilment tasks, and the steps of a task's life."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.paging import order_of, paged
from doors.api.strict import StrictSerializer, checked
from doors.api.views import ApiView, etag
from people.public import Actor
from records.public import lines_with, search
from requests_app.api.serializers.tasks import (
    AssignTaskIn,
    CompleteTaskIn,
    NoMoreIn,
    ReplaceTaskIn,
    TaskOut,
    TaskPage,
    TaskReasonIn,
    task_row,
)
from requests_app.policy import task_offers
from requests_app.queries.filters import TaskFilter
from requests_app.queries.tasks import (
    get_task,
    request_numbers,
    runs_of,
    task_detail,
    task_details,
    visible_tasks,
)
from requests_app.services import task_steps
from sla.api.serializers.records import line_of, whole_of
from sla.public import clocks_of_many, user_clocks_of_many, visible_clocks

KIND = "task"
ORDERINGS = {"opened_at": "opened_at", "updated_at": "updated_at", "number": "id"}
_OWN_PARAMETERS = ("q", "limit", "cursor", "ordering")
_FILTERS = [
    OpenApiParameter(
        name, str, description=str(field.label or ""), many=name in ("state", "phase", "priority")
    )
    for name, field in TaskFilter.base_filters.items()
]


class TasksView(ApiView):
    """Tasks that the caller may see."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "task:read"}

    @extend_schema(
        operation_id="tasks_list",
        summary="List fulfilment tasks",
        description="Keyset pages, newest first. `q` searches title, description and comments.",
        parameters=[
            *_FILTERS,
            OpenApiParameter("q", str),
            OpenApiParameter("limit", int, description="1 to 200, default 50"),
            OpenApiParameter("cursor", str),
            OpenApiParameter("ordering", str, enum=[s + name for name in ORDERINGS for s in ("", "-")]),
        ],
        responses=TaskPage,
    )
    def get(self, request: Request) -> Response:
        """A page of tasks."""
        known = {*TaskFilter.base_filters, *_OWN_PARAMETERS}
        unknown = {
            name: f"There is no such filter. Known: {', '.join(sorted(known))}."
            for name in request.query_params
            if name not in known
        }
        if unknown:
            raise ValidationError(unknown)
        text = request.query_params.get("q", "").strip()
        rows = search(self.actor, text, kind=KIND) if text else visible_tasks(self.actor)
        chosen = TaskFilter(request.query_params, queryset=rows, actor=self.actor)
        if not chosen.is_valid():
            raise ValidationError(chosen.errors)
        page, envelope = paged(request, chosen.qs, order=order_of(request, ORDERINGS), read=lines_with)
        ids = [line.id for line in page.rows]
        now, details = timezone.now(), task_details(ids)
        numbers = request_numbers(details.values())
        clocks, users = clocks_of_many(ids, now), user_clocks_of_many(page.rows, now)
        results = [
            line_of(line, visible_clocks(self.actor, clocks.get(line.id, [])), users.get(line.id))
            | task_row(details[line.id], numbers)
            for line in page.rows
        ]
        return Response(envelope | {"results": results})


class TaskView(ApiView):
    """One task."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "task:read"}

    @extend_schema(operation_id="tasks_read", summary="Read a fulfilment task", responses=TaskOut)
    def get(self, request: Request, number: str) -> Response:
        """The task with its form, what ran of itself, clocks, custody and next steps."""
        record = get_task(self.actor, number)
        if request.headers.get("If-None-Match") == f'"v{record.version}"':
            return Response(status=304)
        return answer(self.actor, record)


def answer(actor: Actor, record: Any) -> Response:
    """A response with the task and its version as ETag."""
    detail = task_detail(record)
    body = whole_of(actor, record, task_offers(actor, record), timezone.now()) | task_row(
        detail, request_numbers([detail])
    )
    more = {
        "form": detail.definition.get("form") or None,
        "answers": detail.answers,
        "runs": [
            {
                "attempt": run.attempt,
                "kind": run.kind,
                "state": run.state,
                "started_at": run.started_at,
                "ended_at": run.ended_at,
                "log": run.log,
            }
            for run in runs_of(record)
        ],
    }
    return Response(body | more, headers=etag(record.version))


# Path → (service, input, permission). The life cycle decides what leads on from where.
STEPS: dict[str, tuple[Callable[..., Any], type[StrictSerializer], str]] = {
    "assign": (task_steps.assign, AssignTaskIn, "task:assign"),
    "take": (task_steps.take, NoMoreIn, "task:work"),
    "start": (task_steps.start, NoMoreIn, "task:work"),
    "complete": (task_steps.complete, CompleteTaskIn, "task:work"),
    "fail": (task_steps.fail, TaskReasonIn, "task:work"),
    "retry": (task_steps.retry, NoMoreIn, "task:work"),
    "skip": (task_steps.skip, TaskReasonIn, "task:skip"),
    "replace": (task_steps.replace, ReplaceTaskIn, "task:skip"),
}


def _step_view(name: str) -> type[ApiView]:
    service, reader, permission = STEPS[name]

    @extend_schema(
        operation_id=f"tasks_{name}",
        summary=f"{name.capitalize()} a fulfilment task",
        description=service.__doc__ or "",
        request=None if reader is NoMoreIn else reader,
        responses=TaskOut,
    )
    def post(self: ApiView, request: Request, number: str) -> Response:
        given = checked(reader, request.data)
        record = service(
            record=get_task(self.actor, number),
            actor=self.actor,
            at=timezone.now(),
            seen_version=self.seen_version(),
            **given,
        )
        return answer(self.actor, record)

    members = {"__doc__": service.__doc__, "permission_for": {"POST": permission}, "post": post}
    return type(f"{name.capitalize()}TaskView", (ApiView,), members)


STEP_VIEWS = {name: _step_view(name) for name in STEPS}
