"""A plan that names what nobody has is not published; everything that is wrong is said at once, by path."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lifecycle.public import RuleError
from people.models import SupportGroup
from people.public import create_group
from requests_app.engine import actions
from requests_app.engine.actions import register_action
from requests_app.models import AllowedHost, Hook
from requests_app.services.hooks import allow_host, define_hook
from tenancy.engine.scope import tenant_scope
from tests.requests_app.fulfilment import MONDAY_TEN, task
from tests.sla.parts import Workshop
from tests.support.offers import offer
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A tenant with a component, a group that is gone, two hooks of which one is off, and an action."""
    monkeypatch.setattr(actions, "_actions", dict(actions._actions))
    register_action("test.mark", lambda **_: [], describe="Leaves a mark", parameters={"colour": "which"})
    made = build_world()
    with tenant_scope(made.tenant.pk, actor="system:test"):
        Workshop(made, made.actor(made.administrator)).component("line", fulfilment=4)
        gone = create_group(code="gone", name="Gone", provider=made.desk_provider)
        SupportGroup.objects.filter(pk=gone.pk).update(is_active=False)
        allow_host("hooks.example.org")
        for code in ("directory", "off"):
            define_hook(code=code, name=code.title(), url="https://hooks.example.org/do")
        Hook.objects.filter(code="off").update(is_active=False)
    return made


def publish(world: World, *tasks: dict[str, Any], code: str = "thing") -> dict[str, str]:
    """Publish an offering with this plan; what was found wrong."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief = world.actor(world.administrator)
        try:
            offer(
                code,
                service=world.service,
                actor=chief,
                at=MONDAY_TEN - timedelta(days=1),
                plan={"tasks": list(tasks)},
            )
        except RuleError as refused:
            return dict(refused.fields)
    return {}


def test_what_is_there_is_published(world: World) -> None:
    assert not publish(
        world,
        task("a", takes="PT4H", calendar="office", action={"hook": "directory"}),
        task("b", "a", component="line", group="network"),
        task("c", action={"run": "test.mark", "with": {"colour": "red"}}),
    )


def test_every_name_that_nobody_has_is_told_of_by_path(world: World) -> None:
    found = publish(
        world,
        task("a", group="ghosts", takes="PT4H", calendar="moon"),
        task("b", group="gone", component="nothing"),
        task("c", action={"hook": "nowhere"}),
        task("d", action={"hook": "off"}),
        task("e", action={"run": "test.nothing"}),
        task("f", action={"run": "test.mark", "with": {"smell": 1}}),
    )
    assert found == {
        "plan.tasks.0.group": "There is no support group with the code 'ghosts'.",
        "plan.tasks.0.calendar": "There is no calendar with the code 'moon'.",
        "plan.tasks.1.group": "Gone is not active any more: name another group.",
        "plan.tasks.1.component": "There is no component with the code 'nothing'.",
        "plan.tasks.2.action.hook": "There is no hook with the code 'nowhere'.",
        "plan.tasks.3.action.hook": "The hook Off is switched off.",
        "plan.tasks.4.action.run": "This release has no action 'test.nothing'.",
        "plan.tasks.5.action.with.smell": "The action 'test.mark' takes nothing of this name.",
    }


def test_a_hook_whose_host_is_no_longer_allowed_is_refused(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        AllowedHost.objects.all().delete()
    assert list(publish(world, task("a", action={"hook": "directory"}))) == ["plan.tasks.0.action.hook"]


def test_asking_takes_as_many_reads_for_many_tasks_as_for_few(world: World) -> None:
    def reads(code: str, count: int) -> int:
        tasks = [
            task(f"t{number}", takes="PT1H", calendar="office", action={"hook": "directory"})
            for number in range(count)
        ]
        tasks.append(task("last", component="line"))
        with CaptureQueriesContext(connection) as asked:
            assert not publish(world, *tasks, code=code)
        return len(asked)

    assert reads("few", 2) == reads("many", 60)
