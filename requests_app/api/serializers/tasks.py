"""What the API of fulfilment tasks takes and gives, explicitly."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework import serializers

from doors.api.strict import StrictSerializer
from records.public import BODY_MAX
from sla.api.serializers.records import RecordOut, RecordRow


class NoMoreIn(StrictSerializer):
    """The step needs nothing."""


class AssignTaskIn(StrictSerializer):
    """Hand over to a support group, and to one of its members if named."""

    support_group = serializers.CharField(max_length=50)
    assignee = serializers.EmailField(required=False, allow_blank=True)
    work_note = serializers.CharField(required=False, allow_blank=True, max_length=BODY_MAX)


class CompleteTaskIn(StrictSerializer):
    """What the task's form asks, if it has one."""

    answers = serializers.DictField(required=False)
    work_note = serializers.CharField(required=False, allow_blank=True, max_length=BODY_MAX)


class TaskReasonIn(StrictSerializer):
    """Why."""

    reason = serializers.CharField(max_length=500)


class ReplaceTaskIn(StrictSerializer):
    """A task that takes the place of this one."""

    title = serializers.CharField(max_length=200)
    support_group = serializers.CharField(max_length=50)
    reason = serializers.CharField(max_length=500)


class TaskRow(RecordRow):
    """A task in a list. `after` names the tasks of the same request that it waits for."""

    code = serializers.CharField()
    request = serializers.CharField(allow_null=True, help_text="number; null where the caller may not see it")
    after = serializers.ListField(child=serializers.CharField())


class RunOut(serializers.Serializer[Any]):
    """One attempt of what a task does by itself."""

    attempt = serializers.IntegerField()
    kind = serializers.CharField()
    state = serializers.CharField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    log = serializers.ListField(child=serializers.DictField())


class TaskOut(TaskRow, RecordOut):
    """A task, whole. `form` is what is to be filled in on completing it."""

    form = serializers.DictField(allow_null=True)
    answers = serializers.DictField()
    runs = RunOut(many=True)


class TaskPage(serializers.Serializer[Any]):
    """A page of tasks; `next` and `previous` are addresses."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = TaskRow(many=True)


def task_row(task: Any, numbers: Mapping[UUID, str]) -> dict[str, Any]:
    """What a task has beside its header; `numbers` are those of requests, by key."""
    return {"code": task.code, "request": numbers.get(task.request_id), "after": list(task.after)}
