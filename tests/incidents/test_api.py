"""The incident API as a client meets it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from outbox.public import dispatch_batch
from people.public import create_api_client
from tenancy.engine.scope import tenant_scope
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

Call = Callable[..., Any]


def caller(world: World, provider: str = "desk_provider", role: str = "desk-system") -> Call:
    """A function that calls the API as a client of a provider."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        made = create_api_client(name=f"{provider} {role}", provider=getattr(world, provider), role=role)
    browser = Client()
    answer = browser.post(
        "/identity/o/api/token",
        {
            "grant_type": "client_credentials",
            "client_id": made.client_id,
            "client_secret": made.client_secret,
        },
    )
    assert answer.status_code == 200, answer.content
    token = answer.json()["access_token"]

    def call(method: str, path: str, body: Any = None, **headers: str) -> Any:
        if method == "FILE":
            file = SimpleUploadedFile(*body)
            return browser.post(
                f"/api/v1/{path}", {"file": file}, headers={"Authorization": f"Bearer {token}"}
            )
        return browser.generic(
            method,
            f"/api/v1/{path}",
            json.dumps(body) if body is not None else b"",
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {token}",
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        )

    return call


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def api(world: World) -> Call:
    return caller(world)


def test_a_whole_life_by_api(world: World, api: Call) -> None:
    made = api(
        "POST",
        "incidents/",
        {
            "title": "Mail is slow",
            "service": "email",
            "requester": world.user.email,
            "external_reference": "X-1",
        },
    )
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    assert made["Location"] == f"/api/v1/incidents/{number}/"
    assert made["ETag"] == '"v1"'
    assert made.json()["support_group"] == "service-desk"
    assert {clock["metric"] for clock in made.json()["clocks"]} == {"resolution", "response"}
    assert api("POST", f"incidents/{number}/start/").json()["state"] == "in_progress"
    pended = api(
        "POST", f"incidents/{number}/pend/", {"waiting_for": "requester", "comment": "Which office?"}
    )
    assert pended.json()["phase"] == "pending"
    assert pended.json()["custody"][-1]["party_kind"] == "requester"
    assert (
        api("POST", f"incidents/{number}/resume/", {"comment": "Found it."}).json()["state"] == "in_progress"
    )
    said = api("POST", f"incidents/{number}/comments/", {"body": "Nearly there"})
    assert said.status_code == 201
    assert api("POST", f"incidents/{number}/work-notes/", {"body": "Relay"}).status_code == 201
    assert len(api("GET", f"incidents/{number}/comments/").json()["results"]) == 3
    done = api(
        "POST", f"incidents/{number}/resolve/", {"resolution_code": "fixed", "resolution": "Restarted"}
    )
    assert (done.status_code, done.json()["state"]) == (200, "resolved")
    assert api("POST", f"incidents/{number}/reopen/", {"comment": "No"}).json()["state"] == "assigned"
    api("POST", f"incidents/{number}/resolve/", {"resolution_code": "fixed", "resolution": "Again"})
    closed = api("POST", f"incidents/{number}/close/").json()
    assert (closed["state"], closed["resolution_code"]) == ("closed", "fixed")
    feed = api("GET", "changes/?limit=200").json()
    assert [change["number"] for change in feed["results"]] in ([], [number] * len(feed["results"]))


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({"title": "x", "colour": "red"}, 400, {"colour"}),
        ({}, 400, {"title"}),
        ({"title": "x" * 201}, 400, {"title"}),
        ({"title": ["x"]}, 400, {"title"}),
        ({"title": "x", "impact": "high"}, 400, {"impact"}),
        ({"title": "x", "impact": 9, "urgency": 0}, 400, {"impact", "urgency"}),
        (
            {"title": "x", "service": "nope", "requester": "who@nowhere.example"},
            422,
            {"service", "requester"},
        ),
        ({"title": "x", "support_group": "nope"}, 422, {"support_group"}),
    ],
)
def test_bad_input_names_every_field(api: Call, body: dict[str, Any], status: int, fields: set[str]) -> None:
    answer = api("POST", "incidents/", body)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert {error["field"] for error in answer.json()["errors"]} == fields
    assert api("GET", "incidents/").json()["results"] == []


def test_a_body_that_is_not_json_is_refused(world: World, api: Call) -> None:
    browser = Client()
    answer = browser.post("/api/v1/incidents/", "{", content_type="application/json")
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"


def test_a_priority_set_by_hand_can_follow_the_matrix_again(api: Call) -> None:
    made = api("POST", "incidents/", {"title": "x", "service": "email", "impact": 1, "urgency": 1}).json()
    path = f"incidents/{made['number']}/"
    assert api("PATCH", path, {"priority": 5}).status_code == 422
    by_hand = api("PATCH", path, {"priority": 5, "reason": "A test"})
    assert by_hand.json()["priority"] == 5
    assert api("PATCH", path, {"urgency": 2}).json()["priority"] == 5
    assert api("PATCH", path, {"urgency": 1, "priority": None}).json()["priority"] == made["priority"] == 1
    assert api("PATCH", path, {"priority": None}).json()["version"] == 4


def test_a_stale_version_is_refused_and_changes_are_told(api: Call) -> None:
    number = api("POST", "incidents/", {"title": "x"}).json()["number"]
    assert api("PATCH", f"incidents/{number}/", {"urgency": 1}, If_Match='"v1"').status_code == 200
    stale = api("PATCH", f"incidents/{number}/", {"urgency": 2}, If_Match='"v1"')
    assert stale.status_code == 409
    assert stale.json()["code"] == "stale_version"
    assert stale.json()["changes"][0]["verb"] == "incident:classify"
    assert api("GET", f"incidents/{number}/").json()["urgency"] == 1


def test_an_illegal_step_names_the_legal_ones(api: Call) -> None:
    number = api("POST", "incidents/", {"title": "x"}).json()["number"]
    answer = api("POST", f"incidents/{number}/close/")
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_step")
    assert "resolve" in answer.json()["allowed_actions"]


def test_a_repeated_key_gives_the_first_answer_and_another_body_is_refused(api: Call) -> None:
    first = api("POST", "incidents/", {"title": "once"}, Idempotency_Key="k1")
    again = api("POST", "incidents/", {"title": "once"}, Idempotency_Key="k1")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    other = api("POST", "incidents/", {"title": "twice"}, Idempotency_Key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(api("GET", "incidents/").json()["results"]) == 1


def test_a_failed_keyed_request_may_be_corrected(api: Call) -> None:
    assert api("POST", "incidents/", {"title": ""}, Idempotency_Key="k2").status_code == 400
    assert api("POST", "incidents/", {"title": "right"}, Idempotency_Key="k2").status_code == 201


def test_pages_walk_every_row_once_both_ways(api: Call) -> None:
    numbers = [api("POST", "incidents/", {"title": f"n{index}"}).json()["number"] for index in range(7)]
    seen: list[str] = []
    path, last = "incidents/?limit=3", {}
    while path:
        page = api("GET", path).json()
        seen += [row["number"] for row in page["results"]]
        last, path = page, (page["next"] or "").partition("/api/v1/")[2]
    assert seen == numbers[::-1]
    back = api("GET", last["previous"].partition("/api/v1/")[2]).json()
    assert [row["number"] for row in back["results"]] == numbers[::-1][3:6]
    assert api("GET", "incidents/?cursor=nonsense").status_code == 400
    assert api("GET", "incidents/?limit=201").status_code == 400
    assert api("GET", "incidents/?colour=red").status_code == 400


def test_filters_and_search(world: World, api: Call) -> None:
    api("POST", "incidents/", {"title": "printer on fire", "service": "email", "impact": 1, "urgency": 1})
    number = api("POST", "incidents/", {"title": "slow network", "support_group": "network"}).json()["number"]
    assert [row["number"] for row in api("GET", "incidents/?support_group=network").json()["results"]] == [
        number
    ]
    assert [row["number"] for row in api("GET", "incidents/?q=networks").json()["results"]] == [number]
    assert len(api("GET", "incidents/?priority=1&state=new&phase=open").json()["results"]) == 1
    assert api("GET", "incidents/?state=nonsense").status_code == 400


def test_search_gives_every_hit_once_newest_first_whatever_filters_leave(world: World, api: Call) -> None:
    """The first page is filled from the newest hits alone where they suffice; nobody must see a difference."""
    numbers = [
        api("POST", "incidents/", {"title": f"printer {word}", "urgency": 1 + (turn % 4 == 0)}).json()[
            "number"
        ]
        for turn, word in enumerate(
            ["red", "blue", "green", "black", "white", "grey", "pink", "brown", "gold"]
        )
    ][::-1]

    def found(query: str) -> list[str]:
        rows: list[str] = []
        address = f"incidents/?q=printer&{query}"
        while address:
            page = api("GET", address).json()
            rows += [row["number"] for row in page["results"]]
            address = (page["next"] or "").partition("/api/v1/")[2]
        return rows

    for limit in (1, 2, 4, 8, 9, 10, 50):
        assert found(f"limit={limit}") == numbers
        assert found(f"limit={limit}&ordering=opened_at") == numbers[::-1]
    few = [row["number"] for row in api("GET", "incidents/?priority=3&limit=50").json()["results"]]
    assert 0 < len(few) < len(numbers)
    for limit in (1, 2, 3):
        assert found(f"priority=3&limit={limit}") == few
    # A number finds its record, however old, among those that mention it.
    oldest = numbers[-1]
    mentions = api("POST", "incidents/", {"title": f"same as {oldest}"}).json()["number"]
    rows = api("GET", f"incidents/?q={oldest}&limit=1").json()
    assert [row["number"] for row in rows["results"]] == [mentions]
    assert rows["next"]


def test_a_supplier_system_sees_and_moves_only_its_own(world: World, api: Call) -> None:
    supplier = caller(world, "supplier", "supplier-system")
    mine = api("POST", "incidents/", {"title": "router", "support_group": "network"}).json()["number"]
    other = api("POST", "incidents/", {"title": "mailbox"}).json()["number"]
    assert [row["number"] for row in supplier("GET", "incidents/").json()["results"]] == [mine]
    unknown = supplier("GET", "incidents/INC9999999/")
    unseen = supplier("GET", f"incidents/{other}/")
    assert (unseen.status_code, unseen.content) == (unknown.status_code, unknown.content)
    assert supplier("POST", f"incidents/{mine}/start/").json()["state"] == "in_progress"
    raised = supplier("POST", "incidents/", {"title": "line down"})
    assert raised.status_code == 201, raised.content
    assert (
        supplier("POST", f"incidents/{raised.json()['number']}/comments/", {"body": "seen"}).status_code
        == 201
    )
    back = supplier("POST", f"incidents/{mine}/assign/", {"support_group": "service-desk"})
    assert back.status_code == 200
    refused = supplier("POST", f"incidents/{mine}/resolve/", {"resolution_code": "fixed", "resolution": "x"})
    assert (refused.status_code, refused.json()["detail"]) == (
        422,
        "Your organisation does not hold this incident now.",
    )


def test_another_tenant_sees_nothing(world: World, api: Call) -> None:
    stranger = caller(build_world("rivers"))
    number = api("POST", "incidents/", {"title": "ours"}).json()["number"]
    assert stranger("GET", f"incidents/{number}/").status_code == 404
    assert stranger("GET", "incidents/").json()["results"] == []
    assert stranger("GET", "incidents/?q=ours").json()["results"] == []
    assert stranger("GET", "changes/").json()["results"] == []
    assert stranger("POST", "incidents/", {"title": "x", "requester": world.user.email}).status_code == 422
    assert stranger("POST", "incidents/", {"title": "theirs"}).json()["number"] == "INC0000001"


def test_files_are_checked_by_content_and_quarantined(world: World, api: Call) -> None:
    number = api("POST", "incidents/", {"title": "x"}).json()["number"]
    path = f"incidents/{number}/attachments/"
    disguised = api("FILE", path, ("photo.png", b"MZ\x90\x00 this is a program"))
    assert (disguised.status_code, disguised.json()["errors"][0]["field"]) == (422, "file")
    assert api("FILE", path, ("run.exe", b"MZ")).status_code == 422
    assert api("FILE", path, ("empty.txt", b"")).status_code == 422
    assert api("FILE", path, ("big.txt", b"x" * (10 * 1024 * 1024 + 1))).status_code == 422
    assert api("GET", path).json()["results"] == []
    kept = api("FILE", path, ("log.txt", b"all is well"))
    assert (kept.status_code, kept.json()["status"]) == (201, "quarantined")
    file = f"{path}{kept.json()['id']}/file/"
    assert api("GET", file).status_code == 404
    dispatch_batch()
    fetched = api("GET", file)
    assert b"".join(fetched.streaming_content) == b"all is well"
    assert fetched["Content-Disposition"].startswith("attachment")


def test_a_bad_token_is_refused() -> None:
    answer = Client().get("/api/v1/incidents/", headers={"Authorization": "Bearer nonsense"})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    assert answer["Content-Type"] == "application/problem+json"
