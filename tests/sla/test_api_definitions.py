"""Targets and calendars over the API: who sees what, and writes with preview, conflicts and safe retries."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from calendars.models import CalendarVersion
from incidents.public import Report, raise_incident
from people.public import create_group
from sla.models import TargetVersion
from sla.public import TargetTerms, define_target
from tenancy.engine.scope import tenant_scope
from tests.api.caller import Caller, caller
from tests.api.visitors import Browser
from tests.support.world import LONG_AGO, World, build_world

pytestmark = pytest.mark.django_db(transaction=True)

ZONE = "Europe/London"


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def desk(world: World) -> Caller:
    return caller(world)


@pytest.fixture
def administrator(world: World) -> Browser:
    return Browser(world.administrator)


def later(**span: int) -> str:
    return (timezone.now() + timedelta(**span)).replace(microsecond=0).isoformat()


def between_groups(world: World) -> None:
    """An OLA of the network group, one of the desk, one of everybody; a contract of the supplier, one of the desk's."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        for code, kind, scope in (
            ("ola-network", "ola", {"support_group": [world.network_group.pk]}),
            ("ola-desk", "ola", {"support_group": [world.desk_group.pk]}),
            ("ola-all", "ola", {}),
            ("uc-network", "uc", {"provider": [world.supplier.pk]}),
            ("uc-desk", "uc", {"provider": [world.desk_provider.pk]}),
        ):
            define_target(
                code=code,
                name=code,
                terms=TargetTerms(
                    kind=kind, metric="resolution", duration=3600, calendar=world.calendar, scope=scope
                ),
                effective_from=LONG_AGO,
            )


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["code"] for row in answer.json()["results"]]


def test_targets_are_listed_in_pages_and_by_kind(world: World, desk: Caller) -> None:
    between_groups(world)
    everything = codes(desk("GET", "targets/"))
    assert everything == sorted(everything)
    assert len(everything) == 8
    first = desk("GET", "targets/?limit=3").json()
    assert [row["code"] for row in first["results"]] == everything[:3]
    second = desk("GET", "targets/?" + first["next"].partition("?")[2]).json()
    assert [row["code"] for row in second["results"]] == everything[3:6]
    assert codes(desk("GET", "targets/?kind=uc")) == ["uc-desk", "uc-network"]
    assert codes(desk("GET", "targets/?metric=response")) == ["response"]
    assert desk("GET", "targets/?kind=no").status_code == 400


def test_a_target_is_read_with_its_versions(desk: Caller) -> None:
    answer = desk("GET", "targets/resolution-p1/")
    assert answer["ETag"] == '"v1"'
    body = answer.json()
    assert body["scope"] == {"kind": ["incident"], "priority": [1]}
    assert (body["kind"], body["metric"], body["duration_seconds"], body["calendar"]) == (
        "sla",
        "resolution",
        4 * 3600,
        "office",
    )
    assert [version["effective_from"] for version in body["versions"]] == ["2015-01-01T00:00:00Z"]


def test_a_supplier_sees_what_can_concern_it_and_the_rest_is_nothing(world: World) -> None:
    between_groups(world)
    supplier = caller(world, "supplier", "supplier-system")
    seen = codes(supplier("GET", "targets/?limit=200"))
    assert [code for code in seen if code.startswith(("ola", "uc"))] == [
        "ola-all",
        "ola-network",
        "uc-network",
    ]
    assert {"resolution-p1", "resolution-rest", "response"} <= set(seen)
    hidden, absent = supplier("GET", "targets/ola-desk/"), supplier("GET", "targets/nothing/")
    assert (
        (hidden.status_code, hidden.content) == (absent.status_code, absent.content) == (404, absent.content)
    )
    assert supplier("GET", "targets/uc-network/").json()["versions"][0]["made_by"] == ""
    assert supplier("GET", "calendars/office/").json()["targets"] == [
        "ola-all",
        "ola-network",
        "resolution-p1",
        "resolution-rest",
        "response",
        "uc-network",
    ]


def test_a_suppliers_new_group_is_its_own(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        group = create_group(code="wifi", name="Wifi", provider=world.supplier)
        define_target(
            code="ola-wifi",
            name="Wifi",
            terms=TargetTerms(
                kind="ola",
                metric="resolution",
                duration=60,
                calendar=world.calendar,
                scope={"support_group": [group.pk]},
            ),
            effective_from=LONG_AGO,
        )
    assert "ola-wifi" in codes(caller(world, "supplier", "supplier-system")("GET", "targets/"))


def test_another_tenants_definitions_are_nothing(world: World, desk: Caller) -> None:
    twin = build_world("rivers")
    with tenant_scope(twin.tenant.pk, actor="system:test"):
        define_target(
            code="theirs",
            name="Theirs",
            terms=TargetTerms(kind="sla", metric="resolution", duration=60, calendar=twin.calendar),
            effective_from=LONG_AGO,
        )
    assert desk("GET", "targets/theirs/").status_code == 404
    assert "theirs" not in codes(desk("GET", "targets/"))
    assert "theirs" not in desk("GET", "calendars/office/").json()["targets"]


@pytest.mark.parametrize(
    "path", ["targets/", "targets/response/versions/", "calendars/", "calendars/office/versions/"]
)
def test_who_may_only_read_writes_nothing(world: World, desk: Caller, path: str) -> None:
    for call in (desk, caller(world, "supplier", "supplier-system")):
        for rest in ("", "?preview=true"):
            assert call("POST", path + rest, {}).status_code == 403
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert (TargetVersion.objects.count(), CalendarVersion.objects.count()) == (3, 1)


def test_end_users_read_no_definitions(world: World) -> None:
    user = Browser(world.user)
    for path in ("targets/", "targets/response/", "calendars/", "calendars/office/"):
        assert user.get(f"/api/v1/{path}").status_code == 403


def test_a_calendar_says_when_it_is_open(desk: Caller) -> None:
    body = desk("GET", "calendars/office/?from=2026-11-20T16:00:00Z&days=4").json()
    assert body["intervals"] == [
        {"start": "2026-11-20T16:00:00Z", "end": "2026-11-20T17:00:00Z"},
        {"start": "2026-11-23T09:00:00Z", "end": "2026-11-23T17:00:00Z"},
        {"start": "2026-11-24T09:00:00Z", "end": "2026-11-24T17:00:00Z"},
    ]
    assert body["services"] == ["email"]
    for wrong in ("from=x", "from=0001-01-01", "days=0", "days=9999", "from=2026-11-20T16:00:00"):
        assert desk("GET", f"calendars/office/?{wrong}").status_code == 400


def test_a_calendar_is_previewed_written_and_changed(world: World, administrator: Browser) -> None:
    body: dict[str, Any] = {
        "code": "evenings",
        "name": "Evenings",
        "definition": {"zone": ZONE, "weekly": {"mon": [["18:00", "22:00"]]}},
        "bank_holidays": {"region": "scotland", "first_year": 2027, "last_year": 2027},
        "effective_from": later(hours=1),
    }
    seen = administrator.post("/api/v1/calendars/?preview=true", body)
    assert seen.status_code == 200
    # Two Mondays in a fortnight; on a Monday evening the rest of it, and the beginning of the one after next.
    assert len(seen.json()["intervals"]) in {2, 3}
    assert administrator.get("/api/v1/calendars/evenings/").status_code == 404
    made = administrator.post("/api/v1/calendars/", body)
    assert (made.status_code, made["Location"], made["ETag"]) == (201, "/api/v1/calendars/evenings/", '"v1"')
    assert "2027-01-04" in made.json()["definition"]["holidays"]
    assert made.json()["versions"][0]["made_by"] == world.administrator.name
    further = {"definition": {"zone": ZONE, "always": True}, "effective_from": later(days=2)}
    added = administrator.post("/api/v1/calendars/evenings/versions/", further)
    assert (added.status_code, added["ETag"]) == (201, '"v2"')
    assert not added.json()["is_always_open"]
    again = administrator.post("/api/v1/calendars/", body)
    assert (again.status_code, again.json()["errors"][0]["field"]) == (422, "code")


def test_refusals_name_the_field(administrator: Browser) -> None:
    definition = {"zone": ZONE, "weekly": {"mon": [["09:00", "12:00"], ["11:00", "13:00"]]}}
    wrong = {"definition": definition, "effective_from": later(days=1)}
    answer = administrator.post("/api/v1/calendars/office/versions/", wrong)
    assert answer.status_code == 422
    assert answer.json()["code"] == "definition_invalid"
    assert [error["field"] for error in answer.json()["errors"]] == ["weekly.mon"]
    body: dict[str, Any] = {
        "duration_seconds": 60,
        "scope": {"service": ["none"]},
        "effective_from": later(days=1),
    }
    answer = administrator.post("/api/v1/targets/response/versions/", body)
    assert [error["field"] for error in answer.json()["errors"]] == ["scope.service"]
    answer = administrator.post(
        "/api/v1/targets/", {"code": "x", "name": "X", "effective_from": later(days=1)}
    )
    fields = {error["field"] for error in answer.json()["errors"]}
    assert (answer.status_code, fields) == (422, {"kind", "metric", "duration_seconds", "calendar"})


def test_a_target_is_written_changed_and_retired(administrator: Browser) -> None:
    body: dict[str, Any] = {
        "code": "desk-ola",
        "name": "Desk",
        "kind": "ola",
        "metric": "resolution",
        "duration_seconds": 7200,
        "calendar": "office",
        "scope": {"support_group": ["service-desk"], "organisation": ["agency"], "priority": [1, 2]},
        "pause_on": ["pending"],
        "warn_at": [80],
        "is_cumulative": False,
        "effective_from": later(hours=1),
    }
    made = administrator.post("/api/v1/targets/", body)
    assert made.status_code == 201, made.content
    shown = made.json()
    assert {name: shown[name] for name in body} == body | {"effective_from": shown["effective_from"]}
    changed = administrator.post(
        "/api/v1/targets/desk-ola/versions/", {"warn_at": [], "effective_from": later(days=1)}
    )
    assert [row["warn_at"] for row in changed.json()["versions"]] == [[80], []]
    assert changed.json()["versions"][1]["duration_seconds"] == 7200
    ended = administrator.post(
        "/api/v1/targets/desk-ola/versions/", {"is_retired": True, "effective_from": later(days=2)}
    )
    assert [row["is_retired"] for row in ended.json()["versions"]] == [False, False, True]


def test_a_stale_write_is_refused_with_what_changed(world: World, administrator: Browser) -> None:
    def send(days: int) -> Any:
        return administrator.client.post(
            "/api/v1/targets/response/versions/",
            {"duration_seconds": 60, "effective_from": later(days=days)},
            content_type="application/json",
            headers={"If-Match": '"v1"'},
        )

    assert send(1).status_code == 201
    refused = send(2)
    assert (refused.status_code, refused.json()["code"]) == (409, "stale_version")
    assert [change["by"] for change in refused.json()["changes"]] == [world.administrator.name]
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert TargetVersion.objects.filter(target__code="response").count() == 2


def test_a_retry_writes_once(world: World, administrator: Browser) -> None:
    body = {"duration_seconds": 60, "effective_from": later(days=1)}
    answers = [
        administrator.client.post(
            "/api/v1/targets/response/versions/",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": "once"},
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert TargetVersion.objects.filter(target__code="response").count() == 2


def test_a_preview_counts_open_records_and_writes_nothing(world: World, administrator: Browser) -> None:
    opened = timezone.now() - timedelta(days=4)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        numbers = {raise_incident(report=Report(title="x"), actor=agent, at=opened).number for _ in range(3)}
    body = {"duration_seconds": 1, "effective_from": later(days=-5)}
    refused = administrator.post("/api/v1/targets/response/versions/?preview=true", body)
    assert [error["field"] for error in refused.json()["errors"]] == ["effective_from"]
    body["effective_from"] = opened.isoformat()
    shown = administrator.post("/api/v1/targets/response/versions/?preview=true", body).json()
    assert (shown["records"], shown["promises"], shown["free_from"]) == (3, 3, None)
    assert {change["number"] for change in shown["changes"]} == numbers
    assert {change["then"]["verdict"] for change in shown["changes"]} == {"breached"}
    assert administrator.post("/api/v1/targets/response/versions/?preview=x", body).status_code == 400
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert TargetVersion.objects.filter(target__code="response").count() == 1


@pytest.mark.parametrize(
    "definition",
    [
        {},
        {"zone": 3},
        {"zone": "\x00", "always": True},
        {"zone": ZONE, "weekly": []},
        {"zone": ZONE, "weekly": {"mon": 1}},
    ],
)
def test_what_is_no_calendar_is_refused(administrator: Browser, definition: dict[str, Any]) -> None:
    body = {"definition": definition, "effective_from": later(days=1)}
    answer = administrator.post("/api/v1/calendars/office/versions/", body)
    assert answer.status_code == 422
    assert answer.json()["errors"]
