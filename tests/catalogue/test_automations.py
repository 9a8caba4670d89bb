"""What a task does by itself is chosen from a list of what the tenant has; what is off or gone is kept and told."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.services.offerings import change_draft
from requests_app.engine import actions
from requests_app.engine.actions import register_action
from requests_app.models import Hook
from requests_app.services.hooks import allow_host, define_hook
from tenancy.engine.scope import tenant_scope
from tests.catalogue.building import HOME, begin, draft, send
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))
TASK: dict[str, Any] = {"group": "service-desk", "name_en": "Order"}
ORDER = "plan/tasks/order/"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(actions, "_actions", dict(actions._actions))
    register_action("test.mark", lambda **_: [], describe="Leaves a mark", parameters={"colour": "which"})
    return build_world()


@pytest.fixture
def chief(world: World) -> Client:
    return begin(world)


def define(world: World, *codes: str) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        allow_host("hooks.example.org")
        for code in codes:
            define_hook(code=code, name=f"The {code}", url="https://hooks.example.org/do")


def offered(client: Client, path: str = "plan/add/") -> dict[str, list[tuple[str, str]]]:
    """What can be chosen, by sort."""
    choices = client.get(f"{HOME}{path}").context["form"].fields["action"].choices
    return {str(sort): [(key, str(said)) for key, said in inner] for sort, inner in choices[1:]}


def action(world: World) -> Any:
    return draft(world).design["plan"]["tasks"][0].get("action")


def test_hooks_and_actions_are_chosen_by_name(world: World, chief: Client) -> None:
    define(world, "directory", "assets")
    assert offered(chief) == {
        "Tells a system through a hook": [("hook:assets", "The assets"), ("hook:directory", "The directory")],
        "Runs an action of this platform": [("run:test.mark", "Leaves a mark")],
    }
    send(chief, world, "plan/add/", TASK, action="hook:directory")
    assert action(world) == {"hook": "directory"}
    assert "Tells the hook The directory" in chief.get(f"{HOME}plan/").content.decode()
    send(chief, world, ORDER, TASK, action="run:test.mark")
    assert action(world) == {"run": "test.mark"}
    assert "Runs Leaves a mark" in chief.get(f"{HOME}plan/").content.decode()
    define(world, "2fa")
    send(chief, world, ORDER, TASK, action="hook:2fa")
    assert action(world) == {"hook": "2fa"}
    send(chief, world, ORDER, TASK, action="")
    assert action(world) is None


def test_what_the_tenant_does_not_have_is_not_chosen(world: World, chief: Client) -> None:
    define(world, "directory", "off")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        Hook.objects.filter(code="off").update(is_active=False)
    assert ("hook:off", "The off") not in offered(chief)["Tells a system through a hook"]
    for key in ("hook:off", "hook:nowhere", "run:rm", "directory", "hook:"):
        refused = chief.post(f"{HOME}plan/add/", TASK | {"seen": draft(world).draft_version, "action": key})
        assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"action"}), key


def test_what_a_task_has_stays_though_it_be_off_or_gone(world: World, chief: Client) -> None:
    define(world, "directory")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        Hook.objects.update(is_active=False)
        name, names = {"en": "Order"}, {"send": {"do": "it"}}
        tasks = [
            {"code": "order", "name": name, "group": "service-desk", "action": {"hook": "directory"} | names},
            {"code": "pack", "name": name, "group": "service-desk", "action": {"hook": "gone"} | names},
        ]
        change_draft(
            offering=draft(world),
            changes={"plan": {"tasks": tasks}},
            actor=world.actor(world.administrator),
        )
    (own,) = offered(chief, ORDER)["Tells a system through a hook"]
    assert own == ("hook:directory", "The directory (switched off)")
    assert offered(chief, "plan/tasks/pack/")["Tells a system through a hook"] == [
        ("hook:gone", "gone (not there)")
    ]
    send(chief, world, ORDER, TASK, action="hook:directory")
    assert action(world) == {"hook": "directory", "send": {"do": "it"}}
    page = chief.get(f"{HOME}").content.decode()
    assert f'href="{HOME}{ORDER}"' in page  # what is missing leads to the task
    assert "is switched off" in page


def test_a_tenant_without_any_is_told(world: World, chief: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "_actions", {})
    assert (
        "There is no hook and no action to choose from yet." in chief.get(f"{HOME}plan/add/").content.decode()
    )


def test_the_list_takes_one_read_however_long_it_is(world: World, chief: Client) -> None:
    counts = []
    for codes in (("one",), ("two", "three", "four")):
        define(world, *codes)
        chief.get(f"{HOME}plan/add/")
        with CaptureQueriesContext(connection) as queries:
            assert len(offered(chief)["Tells a system through a hook"]) in (1, 4)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= BUDGET["catalogue:plan_task"]


def test_another_tenants_hooks_are_not_offered(world: World, chief: Client) -> None:
    define(world, "ours")
    other = build_world(code="rivers")
    define(other, "theirs")
    assert offered(chief)["Tells a system through a hook"] == [("hook:ours", "The ours")]
