"""All that a target can say, through both doors: holders that pause, pauses until a day, escalations."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.public import Report, assign, raise_incident
from sla.models import Clock, Escalation, TargetVersion
from sla.services.fingerprint import fingerprint
from tenancy.engine.scope import tenant_scope
from tests.api.caller import caller
from tests.api.visitors import Browser
from tests.desk.visits import log_in
from tests.sla.test_web_editing import start, target_typed
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

HERE = "/admin/targets/response/edit/"
API = "/api/v1/targets/response/versions/"


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def administrator(world: World) -> Client:
    return log_in(world.administrator)


def typed(**fields: Any) -> dict[str, Any]:
    whole = {
        "pause_on": ["pending_requester"],
        "pause_held": ["holder:wire", "group:network", "provider:network-co"],
        "pause_until": "on",
        "escalation_0_percent": "80",
        "escalation_0_action": "notify_role:administrator",
        # A line left empty between two.
        "escalation_1_percent": "",
        "escalation_1_action": "",
        "escalation_2_percent": "100",
        "escalation_2_action": "reassign:service-desk",
        "escalation_3_percent": "100",
        "escalation_3_action": "raise_priority",
    }
    return target_typed(**whole | fields)


def latest(world: World) -> tuple[TargetVersion, list[tuple[Any, ...]]]:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        row = TargetVersion.objects.filter(target__code="response").latest("effective_from")
        said = row.escalations.order_by("percent", "action")
        return row, list(said.values_list("percent", "action", "role__code", "support_group__code"))


def counts(world: World) -> tuple[int, int]:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return TargetVersion.objects.count(), Escalation.objects.count()


SAID = [
    (80, "notify_role", "administrator", None),
    (100, "raise_priority", None, None),
    (100, "reassign", None, "service-desk"),
]


def test_a_target_is_typed_whole_looked_at_and_saved(world: World, administrator: Client) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        code = world.supplier.code
    given = typed(pause_held=["holder:wire", "group:network", f"provider:{code}"])
    check = administrator.post(HERE, given | {"step": "preview"})
    shown = re.sub(r"\s+", " ", check.content.decode())
    assert check.status_code == 200, shown
    for words in (
        "held by: The wire: handed to a supplier&#x27;s system that has not answered, The group",
        "On the day promised",
        "At 80 %: notify the role",
        "at the breach: raise the priority by one; at the breach: hand the record to",
    ):
        assert words in shown
    # What the check page sends on is what was typed, empty lines and all.
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', check.content.decode())
    assert ("escalation_2_action", "reassign:service-desk") in hidden
    assert administrator.post(HERE, given | {"step": "save"}).status_code == 302
    row, said = latest(world)
    assert set(row.pause_on) == {
        "pending_requester",
        "holder:wire",
        f"group:{world.network_group.pk}",
        f"provider:{world.supplier.pk}",
    }
    assert (row.pause_until, said) == (True, SAID)
    page = administrator.get("/admin/targets/response/").content.decode()
    assert "At 80 %: notify the role" in page
    # The form opens with what was saved, and three lines to spare.
    form = administrator.get(HERE).content.decode()
    assert re.search(
        r'name="escalation_0_percent"[^>]*value="80"|value="80"[^>]*name="escalation_0_percent"', form
    )
    assert '<option value="reassign:service-desk" selected>' in form
    assert 'name="escalation_5_action"' in form
    assert 'name="escalation_6_action"' not in form
    ticked = set(re.findall(r'name="pause_held"\s+type="checkbox"\s+value="([^"]+)"\s+checked', form))
    assert ticked == {"holder:wire", "group:network", f"provider:{code}"}


def test_saving_what_the_form_shows_changes_nothing(world: World, administrator: Client) -> None:
    given = typed(pause_held=["holder:wire"])
    assert administrator.post(HERE, given | {"step": "save"}).status_code == 302
    again = {
        **given,
        "seen": "2",
        "duration": "19h",
        "escalation_1_percent": "100",
        "escalation_1_action": "raise_priority",
        "escalation_2_percent": "100",
        "escalation_2_action": "reassign:service-desk",
        "escalation_3_percent": "",
        "escalation_3_action": "",
        **start(days=2),
        "step": "preview",
    }
    page = administrator.post(HERE, again)
    assert "It says the same as the version before" in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        (
            {"escalation_0_percent": "60"},
            "escalation_0_percent",
            "60 is no point of this target; use 80, 95, 100",
        ),
        ({"escalation_0_percent": "0"}, "escalation_0_percent", "Give a whole number from 1 to 100"),
        ({"escalation_0_percent": "soon"}, "escalation_0_percent", "Give a whole number from 1 to 100"),
        ({"escalation_2_percent": ""}, "escalation_2_percent", "Give the percent at which it happens"),
        ({"escalation_2_action": ""}, "escalation_2_action", "Choose what happens then"),
        ({"escalation_2_action": "reassign:nobody"}, "escalation_2_action", "Select a valid choice"),
        # The second line that says something is the third on the page.
        ({"escalation_2_percent": "70"}, "escalation_2_percent", "70 is no point"),
        (
            {"escalation_3_action": "reassign:service-desk"},
            "escalation_3_action",
            "The same is named twice",
        ),
        ({"warn_at": "95"}, "escalation_0_percent", "80 is no point of this target; use 95, 100"),
        ({"pause_held": ["group:nobody"]}, "pause_held", "Select a valid choice"),
        ({"pause_on": ["resolved"]}, "pause_on", "stops the clock, so it cannot pause it as well"),
        (
            {
                "metric": "approval",
                "stop_on": ["resolved"],
                "pause_on": [],
                "pause_held": ["holder:approver"],
            },
            "pause_held",
            "would pause an approval for as long as it is measured",
        ),
        ({"metric": "update"}, "stop_on", "cannot stop an update target"),
    ],
)
@pytest.mark.parametrize("step", ["preview", "save"])
def test_what_cannot_be_is_refused_beside_its_field(
    world: World, administrator: Client, fields: dict[str, Any], field: str, words: str, step: str
) -> None:
    given = typed(pause_held=["holder:wire"]) | fields
    page = administrator.post(HERE, given | {"step": step})
    shown = page.content.decode()
    assert page.status_code == 422
    assert f'href="#id_{field}"' in shown
    assert words in shown
    assert f'id="id_{field}"' in shown
    assert counts(world) == (3, 0)


def test_a_preview_pauses_for_who_holds_the_record(world: World, administrator: Client) -> None:
    """The network group has it: under a target that pauses then, its time stands still."""
    opened = timezone.now() - timedelta(days=4)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        raise_incident(report=Report(title="x"), actor=agent, at=opened)
        record = raise_incident(report=Report(title="y"), actor=agent, at=opened + timedelta(minutes=5))
        assign(record=record, support_group="network", actor=agent, at=opened + timedelta(minutes=5))
        stored = list(Clock.objects.order_by("pk").values())
    plain = {"duration": "90h", "scope_priority": [], "scope_service": [], "pause_on": []}
    plain |= {"stop_on": ["resolved"], **start(days=-4, minutes=1)}
    running = administrator.post(HERE, typed(**plain, pause_held=[]) | {"step": "preview"}).content.decode()
    paused = administrator.post(HERE, typed(**plain, pause_held=["group:network"]) | {"step": "preview"})
    assert "1 open record would come due" in running
    assert not re.search(r"Paused\s*</strong>\s*<span[^>]*>[^<]* left", running)
    assert re.search(r"Paused\s*</strong>\s*<span[^>]*>[^<]* left", paused.content.decode())
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert list(Clock.objects.order_by("pk").values()) == stored


def body(**rest: Any) -> dict[str, Any]:
    return {"effective_from": (timezone.now() + timedelta(days=1)).replace(microsecond=0).isoformat()} | rest


def test_both_doors_write_the_same(world: World) -> None:
    administrator = Browser(world.administrator)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        code = world.supplier.code
    given = body(
        pause_on=["pending_requester", "holder:wire", "group:network", f"provider:{code}"],
        pause_until=True,
        warn_at=[80],
        escalations=[
            {"percent": 80, "action": "notify_role", "role": "administrator"},
            {"percent": 100, "action": "reassign", "support_group": "service-desk"},
            {"percent": 100, "action": "raise_priority"},
        ],
    )
    seen = administrator.post(f"{API}?preview=true", given)
    assert seen.status_code == 200, seen.content
    assert counts(world) == (3, 0)
    made = administrator.post(API, given)
    assert made.status_code == 201, made.content
    shown = made.json()["versions"][-1]
    assert (shown["pause_on"], shown["pause_until"]) == (given["pause_on"], True)
    assert shown["escalations"][0] == {
        "percent": 80,
        "action": "notify_role",
        "role": "administrator",
        "support_group": "",
    }
    row, said = latest(world)
    assert (set(row.pause_on), said) == (
        {
            "pending_requester",
            "holder:wire",
            f"group:{world.network_group.pk}",
            f"provider:{world.supplier.pk}",
        },
        SAID,
    )
    # What is not named stays: a further version, and the end, keep what happens on the way.
    more = administrator.post(API, body(effective_from=_days(2), duration_seconds=60))
    assert len(more.json()["versions"][-1]["escalations"]) == 3
    ended = administrator.post(API, body(effective_from=_days(3), is_retired=True))
    assert len(ended.json()["versions"][-1]["escalations"]) == 3
    none = administrator.post(API, body(effective_from=_days(4), escalations=[]))
    assert none.json()["versions"][-1]["escalations"] == []


def _days(days: int) -> str:
    return (timezone.now() + timedelta(days=days)).replace(microsecond=0).isoformat()


@pytest.mark.parametrize(
    ("given", "status", "field"),
    [
        ({"pause_on": ["holder:king"]}, 422, "pause_on"),
        ({"pause_on": ["group:nobody"]}, 422, "pause_on"),
        ({"pause_on": ["waiting"]}, 422, "pause_on"),
        ({"pause_until": "perhaps"}, 400, "pause_until"),
        ({"metric": "sleep"}, 400, "metric"),
        ({"escalations": [{"percent": 100, "action": "shout"}]}, 400, "escalations.0.action"),
        ({"escalations": [{"percent": 0, "action": "raise_priority"}]}, 400, "escalations.0.percent"),
        ({"escalations": [{"percent": 100, "action": "raise_priority", "who": 1}]}, 400, "escalations.0.who"),
        ({"escalations": [{"percent": 60, "action": "raise_priority"}]}, 422, "escalations.0.percent"),
        ({"escalations": [{"percent": 100, "action": "notify_role"}]}, 422, "escalations.0.role"),
        (
            {
                "escalations": [
                    {"percent": 100, "action": "raise_priority"},
                    {"percent": 100, "action": "notify_role", "role": "king"},
                ]
            },
            422,
            "escalations.1.role",
        ),
        (
            {"escalations": [{"percent": 100, "action": "raise_priority", "support_group": "network"}]},
            422,
            "escalations.0.support_group",
        ),
    ],
)
@pytest.mark.parametrize("query", ["", "?preview=true"])
def test_the_api_names_the_field_that_is_wrong(
    world: World, given: dict[str, Any], status: int, field: str, query: str
) -> None:
    answer = Browser(world.administrator).post(API + query, body(**given))
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (status, [field])
    assert counts(world) == (3, 0)


def test_a_supplier_does_not_read_who_is_told_of_others(world: World) -> None:
    given = body(escalations=[{"percent": 100, "action": "notify_role", "role": "administrator"}])
    assert Browser(world.administrator).post(API, given).status_code == 201
    supplier = caller(world, "supplier", "supplier-system")("GET", "targets/response/").json()
    assert [row["escalations"] for row in supplier["versions"]] == [[], []]
    page = log_in(world.engineer).get("/admin/targets/response/").content.decode()
    assert "otify the role" not in page
    assert "otify the role" in log_in(world.agent).get("/admin/targets/response/").content.decode()


def test_what_a_what_if_depends_on_knows_nothing_of_escalations(world: World) -> None:
    """They change no verdict, so what a draft came to still counts when they are other ones."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        before = fingerprint()
        Escalation.objects.create(
            target_version=TargetVersion.objects.earliest("id"), percent=100, action="raise_priority"
        )
        assert fingerprint() == before
