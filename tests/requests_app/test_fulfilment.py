"""A plan becomes tasks, which begin in their order, and the last of them fulfils the request."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from lifecycle.public import ForbiddenError, IllegalStepError, NotFoundError, RuleError
from people.models import SupportGroup
from people.public import create_group
from records.models import Record
from records.public import get_record, steps_of, work_notes_of
from requests_app.models import Task
from requests_app.queries.tasks import get_task, progress_of
from requests_app.services import task_steps as steps
from requests_app.services.fulfil import begin_tasks
from requests_app.services.steps import cancel, reopen
from sla.public import TargetTerms, clocks_of, custody_of, define_target
from tenancy.engine.scope import enter_scope, tenant_scope
from tests.requests_app.fulfilment import MONDAY_TEN, begun, deliver, find, states, task
from tests.support.world import LONG_AGO, build_world

pytestmark = pytest.mark.django_db(transaction=True)


def test_tasks_begin_in_order_and_the_last_fulfils() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        request = begun(world, task("a"), task("b"), task("c", "a", "b"), task("d", "c"))
        agent = world.actor(world.agent)
    deliver()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert states(request) == {"a": "ready", "b": "ready", "c": "waiting", "d": "waiting"}
        for code in "abcd":
            steps.complete(record=find(request, code), actor=agent, at=MONDAY_TEN)
            assert states(request)[code] == "done"
        assert Record.objects.get(pk=request.pk).state == "fulfilled"
        verbs = [entry.verb for entry in steps_of(find(request, "d").pk)]
        assert verbs == ["task:plan", "task:release", "task:complete"]
        # Once only, whatever is delivered again.
        assert begin_tasks(request_id=request.pk, at=MONDAY_TEN) == []
        assert Task.objects.count() == 4


def test_a_failed_task_holds_up_its_dependants_only() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        request = begun(world, task("a"), task("b", "a"), task("c"), task("d", "c"))
        agent = world.actor(world.agent)
    deliver()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        steps.fail(record=find(request, "a"), reason="No such disk", actor=agent, at=MONDAY_TEN)
        steps.complete(record=find(request, "c"), actor=agent, at=MONDAY_TEN)
        assert states(request) == {"a": "failed", "b": "waiting", "c": "done", "d": "ready"}
        with pytest.raises(IllegalStepError):
            steps.complete(record=find(request, "a"), actor=agent, at=MONDAY_TEN)
        steps.retry(record=find(request, "a"), actor=agent, at=MONDAY_TEN)
        steps.fail(record=find(request, "a"), reason="Again", actor=agent, at=MONDAY_TEN)
        steps.replace(
            record=find(request, "a"),
            title="Another disk",
            support_group="network",
            reason="The first is gone",
            actor=agent,
            at=MONDAY_TEN,
        )
        assert states(request) == {
            "a": "cancelled",
            "a~2": "ready",
            "b": "waiting",
            "c": "done",
            "d": "ready",
        }
        steps.complete(record=find(request, "a~2"), actor=agent, at=MONDAY_TEN)
        steps.skip(record=find(request, "b"), reason="Not needed", actor=agent, at=MONDAY_TEN)
        assert Record.objects.get(pk=request.pk).state == "fulfilling"
        steps.complete(record=find(request, "d"), actor=agent, at=MONDAY_TEN)
        assert Record.objects.get(pk=request.pk).state == "fulfilled"


def test_a_supplier_ends_its_task_and_those_after_it_begin() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        request = begun(world, task("a"), task("b", "a", group="network"), task("c", "b"))
        agent, engineer = world.actor(world.agent), world.actor(world.engineer)
    deliver()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        Record.objects.filter(pk=request.pk).update(
            support_group=world.desk_group, provider=world.desk_provider
        )
        numbers = {code: find(request, code).number for code in "abc"}
        steps.complete(record=find(request, "a"), actor=agent, at=MONDAY_TEN)
    with enter_scope(engineer.scope()):
        with pytest.raises(NotFoundError):
            get_task(engineer, numbers["a"])
        assert get_record(engineer, request.number).pk == request.pk
        steps.complete(record=get_task(engineer, numbers["b"]), actor=engineer, at=MONDAY_TEN)
        with pytest.raises(NotFoundError):
            get_task(engineer, numbers["c"])
        with pytest.raises(NotFoundError):
            get_task(world.actor(world.user), numbers["b"])
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert states(request) == {"a": "done", "b": "done", "c": "ready"}
        with pytest.raises(ForbiddenError):
            steps.skip(record=find(request, "c"), reason="No", actor=engineer, at=MONDAY_TEN)


def test_conditions_forms_and_a_group_that_is_gone() -> None:
    world = build_world()
    ask = {"code": "big", "type": "yes_no", "label": {"en": "Big?", "cy": "Mawr?"}}
    serial = {"code": "serial", "type": "text", "label": {"en": "Serial", "cy": "Rhif"}, "required": True}

    def form(field: dict[str, Any]) -> dict[str, Any]:
        return {"pages": [{"code": "p", "title": {"en": "P", "cy": "P"}, "fields": [field]}]}

    with tenant_scope(world.tenant.pk, actor="system:test"):
        ghosts = create_group(code="ghosts", name="Ghosts", provider=world.desk_provider)
        request = begun(
            world,
            task(
                "a",
                group="ghosts",
                form=form(serial),
                told={"en": "We build it", "cy": "Rydym yn ei adeiladu"},
            ),
            task("b", "a", when={"field": "big", "is": True}),
            task("c", "b"),
            form=form(ask),
            answers={"big": False},
        )
        # Between the order and its tasks.
        SupportGroup.objects.filter(pk=ghosts.pk).update(is_active=False)
        agent = world.actor(world.agent)
    deliver()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        first = find(request, "a")
        assert states(request) == {"a": "ready", "c": "waiting"}
        assert first.support_group_id == world.network_group.pk
        (note,) = work_notes_of(agent, first)
        assert "'ghosts'" in note.body
        with pytest.raises(RuleError) as refused:
            steps.complete(record=first, actor=agent, at=MONDAY_TEN)
        assert list(refused.value.fields) == ["answers.serial"]
        steps.complete(record=first, answers={"serial": "X1"}, actor=agent, at=MONDAY_TEN)
        assert Task.objects.get(pk=first.pk).answers == {"serial": "X1"}
        assert states(request)["c"] == "ready"
        assert [(each.words, each.state) for each in progress_of(request, "cy")] == [
            ("Rydym yn ei adeiladu", "done")
        ]


def test_cancelled_and_reopened_requests() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        one, two = begun(world, task("a"), code="one"), begun(world, code="two")
        user, agent = world.actor(world.user, "portal"), world.actor(world.agent)
    deliver()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        cancel(record=Record.objects.get(pk=one.pk), reason="Changed my mind", actor=user, at=MONDAY_TEN)
        # Without a plan it is one task.
        assert states(two) == {"fulfil": "ready"}
        steps.complete(record=find(two, "fulfil"), actor=agent, at=MONDAY_TEN)
        reopen(record=Record.objects.get(pk=two.pk), comment="It is broken", actor=user, at=MONDAY_TEN)
    deliver()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert states(one) == {"a": "cancelled"}
        assert states(two) == {"fulfil": "done", "put-right-1": "ready"}
        again = find(two, "put-right-1")
        assert again.description == "It is broken"
        steps.complete(record=again, actor=agent, at=MONDAY_TEN)
        assert Record.objects.get(pk=two.pk).state == "fulfilled"


@pytest.mark.parametrize("width", [2, 6])
def test_the_last_dependencies_ending_at_once_release_once(width: int) -> None:
    world = build_world()
    first = [f"t{number}" for number in range(width)]
    with tenant_scope(world.tenant.pk, actor="system:test"):
        request = begun(world, *(task(code) for code in first), task("last", *first))
        agent = world.actor(world.agent)
    deliver()
    gate, errors = threading.Barrier(width), []

    def end(code: str) -> None:
        try:
            with tenant_scope(world.tenant.pk, actor="system:test"):
                record = find(request, code)
                gate.wait()
                steps.complete(record=record, actor=agent, at=MONDAY_TEN)
        except Exception as error:  # noqa: BLE001  told below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=end, args=[code]) for code in first]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert states(request)["last"] == "ready"
        verbs = [entry.verb for entry in steps_of(find(request, "last").pk)]
        assert verbs == ["task:plan", "task:release"]


def test_an_ola_on_tasks_and_custody_are_measured() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        terms = TargetTerms(
            kind="ola",
            metric="fulfilment",
            duration=4 * 3600,
            calendar=world.calendar,
            scope={"kind": ["task"]},
            stop_on=("resolved",),
            pause_on=(),
        )
        define_target(code="task-time", name="Task", terms=terms, effective_from=LONG_AGO)
        request = begun(world, task("a"))
        agent = world.actor(world.agent)
    deliver()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        record = find(request, "a")
        opened = record.opened_at
        (clock,) = clocks_of(record, opened + timedelta(minutes=1))
        assert (clock.code, clock.state) == ("task-time", "running")
        record = steps.complete(record=record, actor=agent, at=opened + timedelta(hours=1))
        (clock,) = clocks_of(record, opened + timedelta(hours=2))
        assert (clock.state, clock.met) == ("stopped", True)
        assert {hold.party_kind for hold in custody_of(record, opened + timedelta(hours=2))} == {"group"}


def test_take_assign_and_the_group_of_a_task() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        request = begun(world, task("a"))
        agent = world.actor(world.agent)
    deliver()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        record = steps.take(record=find(request, "a"), actor=agent, at=MONDAY_TEN)
        assert (record.state, record.assignee_id) == ("in_progress", world.agent.pk)
        with pytest.raises(RuleError):
            steps.assign(record=record, support_group="nobody", actor=agent, at=MONDAY_TEN)
        record = steps.assign(
            record=record, support_group="network", assignee=world.engineer.email, actor=agent, at=MONDAY_TEN
        )
        assert (record.state, record.provider_id) == ("ready", world.supplier.pk)
        assert record.support_group_id == world.network_group.pk
