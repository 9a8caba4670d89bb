"""Listing and reading fulfilment tasks, and the steps of a task's life."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.strict import StrictSerializer, checked
from doors.api.views import ApiView, etag
from people.public import Actor
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
    KIND,
    get_task,
    request_numbers,
    runs_of,
    task_detail,
    task_details,
)
from requests_app.services import task_steps
from sla.api.serializers.records import whole_of
from sla.api.views.records import RecordsView, list_parameters


class TasksView(RecordsView):
    """Tasks that the caller may see."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "task:read"}
    kind = KIND
    filters = TaskFilter

    @extend_schema(
        operation_id="tasks_list",
        summary="List fulfilment tasks",
        description="Keyset pages, newest first. `q` searches title, description and comments.",
        parameters=list_parameters(TaskFilter),
        responses=TaskPage,
    )
    def get(self, request: Request) -> Response:
        """A page of tasks."""
        return self.listed(request)

    def beside(self, ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
        """The place in the plan, and the request."""
        details = task_details(ids)
        numbers = request_numbers(details.values())
        return {key: task_row(task, numbers) for key, task in details.items()}


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
