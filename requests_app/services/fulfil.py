"""Fulfilling a request: its plan becomes tasks, each is released when those before it ended, and the last ends it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from catalogue.public import plan_of
from people.models import SupportGroup
from people.public import Actor, entry_group, find_group, get_group, system_actor
from records.models import Record
from records.public import Opened, Opening, Step, admit_provider, fact, open_records, take_step
from requests_app.engine.graph import is_finished, releasable
from requests_app.lifecycle import REQUEST, TASK
from requests_app.models import Request, Task
from requests_app.queries.promises import promised_for
from requests_app.queries.tasks import nodes_of, tasks_with
from requests_app.services.start_run import start_run
from tenancy.engine.scope import current_scope, current_tenant_id, tenant_scope
from tenancy.engine.words import word

_BY = word("Fulfilment")
PUT_RIGHT = "put-right"


@contextmanager
def request_locked(request_id: UUID) -> Iterator[tuple[Record, Actor]]:
    """The request as it is now, nobody else changing its tasks until the transaction ends, and who fulfils it.

    In the platform's own scope: a supplier who ends a task does not see those that follow.
    """
    scope, tenant_id = current_scope(), current_tenant_id()
    with tenant_scope(
        tenant_id, actor=scope.actor if scope else "", request_id=scope.request_id if scope else ""
    ):
        record = Record.objects.select_for_update(no_key=True).get(pk=request_id)
        yield record, system_actor(tenant_id, name=_BY)


def begin_tasks(*, request_id: UUID, at: datetime) -> Sequence[Record]:
    """Turn the plan of a request into tasks at `at` (UTC), those that wait for nothing released. Once only.

    An offering without a plan is one task of the group that holds the request.
    """
    with transaction.atomic(), request_locked(request_id) as (record, actor):
        if record.state != "fulfilling" or Task.objects.filter(request_id=record.pk).exists():
            return []
        detail = Request.objects.select_related("offering_version").get(pk=record.pk)
        version = detail.offering_version
        if version.design.get("plan") is None:
            tasks = [_whole(record)]
        else:
            tasks = [
                (each.code, each.name["en"], each.group, each.after, each.notation)
                for each in plan_of(version).chosen(detail.answers)
            ]
        if detail.promised_at is None:
            # What had to be approved first is promised from now on.
            (promised,) = promised_for([(version, detail.answers)], at)
            if promised is not None:
                Request.objects.filter(pk=record.pk).update(promised_at=promised)
        records = _open(record, tasks, actor, at)
        advance(record, actor, at)
    return records


def advance(record: Record, actor: Actor, at: datetime) -> None:
    """Release what nothing keeps any more, and fulfil the request when all is done. Call with the request locked."""
    if record.state != "fulfilling":
        return
    nodes = nodes_of(record.pk)
    for task in tasks_with(record.pk, releasable(nodes)):
        step = Step(verb="task:release", changes={"state": "ready"}, message="released")
        take_step(record=task.record, step=step, actor=actor, at=at)
        _released(record, task, at)
    if is_finished(nodes):
        REQUEST.check(record, actor, "fulfil", {})
        step = Step(verb="request:fulfil", changes={"state": "fulfilled"}, message="fulfilled")
        take_step(record=record, step=step, actor=actor, at=at)


def cancel_tasks(*, request_id: UUID, at: datetime) -> None:
    """End what is still to be done of a request that was cancelled. Harmless to do twice."""
    with transaction.atomic(), request_locked(request_id) as (record, actor):
        if record.state != "cancelled":
            return
        sources = TASK.transitions["cancel"].sources
        open_ones = [node.key for node in nodes_of(record.pk) if node.state in sources]
        for task in tasks_with(record.pk, open_ones):
            step = Step(verb="task:cancel", changes={"state": "cancelled"}, message="cancelled")
            take_step(record=task.record, step=step, actor=actor, at=at)


def put_right(*, request_id: UUID, entry: str, words: str, at: datetime) -> None:
    """A request was reopened (by the audit entry named): a task for the group that holds it, with what was said."""
    with transaction.atomic(), request_locked(request_id) as (record, actor):
        known = Task.objects.filter(request_id=record.pk)
        if record.state != "fulfilling" or known.filter(definition__entry=entry).exists():
            return
        code = f"{PUT_RIGHT}-{known.filter(code__startswith=PUT_RIGHT).count() + 1}"
        title = gettext("Put right: %(title)s") % {"title": record.title}
        task = (code, title, "", (), {"code": code, "entry": entry, "said": words})
        _open(record, [task], actor, at, start=known.count(), description=words)
        advance(record, actor, at)


def take_the_place(
    *,
    request: Record,
    old: Task,
    title: str,
    group: SupportGroup,
    actor: Actor,
    at: datetime,
) -> Record:
    """A new task where `old` was, waiting for the same. Call with the request locked."""
    count = Task.objects.filter(request_id=request.pk, code__startswith=f"{old.code}~").count()
    code = f"{old.code}~{count + 2}"[:80]
    words = {name: part for name, part in old.definition.items() if name == "told"}
    new = (code, title, group.code, tuple(old.after), words | {"code": code, "group": group.code})
    (record,) = _open(request, [new], actor, at, start=old.position, replaces=old.code)
    return record


_Planned = tuple[str, str, str, tuple[str, ...], Mapping[str, Any]]


def _whole(record: Record) -> _Planned:
    return "fulfil", record.title, "", (), {"code": "fulfil"}


def _open(
    request: Record,
    tasks: Sequence[_Planned],
    actor: Actor,
    at: datetime,
    *,
    start: int = 0,
    replaces: str = "",
    description: str = "",
) -> list[Record]:
    groups: dict[str, tuple[SupportGroup, str]] = {}
    for _, _, group, _, _ in tasks:
        if group not in groups:
            groups[group] = _group(group, request)
    opened = [
        Opened(
            opening=Opening(
                kind="task",
                state="waiting",
                title=title,
                description=description or f"For {request.number}: {request.title}",
                requester=None,
                affected_user=None,
                support_group=groups[group][0],
                service=request.service,
                priority=None,
            ),
            facts={"request": fact(None, request.number), "task": fact(None, code)},
            details=[
                Task(
                    request=request,
                    code=code,
                    position=position,
                    after=list(after),
                    definition=dict(notation),
                    replaces=replaces,
                )
            ],
        )
        for position, (code, title, group, after, notation) in enumerate(tasks, start=start)
    ]
    records = open_records(opened=opened, actor=actor, at=at, verb="task:plan")
    for record, (_, _, group, _, _) in zip(records, tasks, strict=True):
        if groups[group][1]:
            step = Step(verb="task:note", work_note=groups[group][1], message="noted")
            take_step(record=record, step=step, actor=actor, at=at)
    return records


def _group(code: str, request: Record) -> tuple[SupportGroup, str]:
    """The group with a code; else the service's, else the entry point's, with a note that says so."""
    if code and (named := find_group(code)) is not None:
        return named, ""
    instead = None
    if request.service_id and request.service and request.service.support_group_id:
        instead = get_group(request.service.support_group_id)
    if instead is None or not instead.is_active:
        instead = entry_group() or get_group(request.support_group_id)  # type: ignore[arg-type]  # a request has one
    if instead is None:
        raise LookupError("there is no group to do the work")
    words = gettext(
        "The plan names the group %(code)s, which is not there any more: this came to %(name)s."
    ) % {"code": repr(code), "name": instead.name}
    return instead, words if code else ""


def _released(request: Record, task: Task, at: datetime) -> None:
    group = task.record.support_group
    if group is not None:
        admit_provider(record=request, provider=group.provider, at=at)
    if task.definition.get("action"):
        start_run(task=task, at=at)
