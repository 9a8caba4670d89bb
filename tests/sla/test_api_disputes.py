"""Disputes as clients of a supplier meet them, and as service management rules them by API."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from people.public import create_group, create_provider
from records.models import Record
from tenancy.engine.scope import tenant_scope
from tests.incidents.test_api import Call, caller
from tests.sla.contested import held_too_long
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
SEEN = {"If-Match": '"v1"'}


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def record(world: World) -> Record:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return held_too_long(world)


@pytest.fixture
def supplier(world: World) -> Call:
    return caller(world, "supplier", "supplier-system")


@pytest.fixture
def management(world: World) -> Call:
    return caller(world, "desk_provider", "service-management")


def _body(record: Record, **more: Any) -> dict[str, Any]:
    plain = {
        "number": record.number,
        "grounds": "We waited",
        "evidence": "NC-881",
        "started_at": "2026-11-16T12:00:00Z",
        "ended_at": "2026-11-16T15:00:00+01:00",
        "claimed_kind": "requester",
    }
    return plain | more


def test_contested_listed_and_ruled(record: Record, supplier: Call, management: Call) -> None:
    made = supplier("POST", "disputes/", _body(record))
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["state"], body["version"], body["raised_by"]) == ("raised", 1, "supplier supplier-system")
    assert body["stretch"]["ended_at"] == "2026-11-16T14:00:00Z"
    path = made["Location"].removeprefix("/api/v1/")
    assert [row["id"] for row in management("GET", "disputes/?state=raised").json()["results"]] == [
        body["id"]
    ]
    assert supplier("GET", "disputes/?state=upheld").json()["results"] == []
    assert supplier("GET", "disputes/?state=lost").status_code == 400
    ruling = {"decision": "upheld", "reasons": "Seen", "ended_at": "2026-11-16T13:00:00Z"}
    assert supplier("POST", f"{path}rule/", ruling, **SEEN).status_code == 403
    assert management("POST", f"{path}rule/", ruling, **{"If-Match": '"v9"'}).status_code == 409
    ruled = management("POST", f"{path}rule/", ruling, **{"If-Match": '"v1"'})
    assert ruled.status_code == 200, ruled.content
    assert ruled["ETag"] == '"v2"'
    assert ruled.json()["ruling"]["stretch"] == {
        "started_at": "2026-11-16T12:00:00Z",
        "ended_at": "2026-11-16T13:00:00Z",
        "party_kind": "requester",
        "group": None,
    }
    seen = supplier("GET", path).json()["figures"]
    assert {"party": "Network", "measured_seconds": 21_000, "ruled_seconds": 17_400} in seen["custody"]
    late = {"If-Match": '"v2"'}
    assert supplier("POST", f"{path}withdraw/", **late).json()["code"] == "illegal_step"


def test_a_ruling_is_previewed_and_nothing_is_saved(record: Record, supplier: Call, management: Call) -> None:
    made = supplier("POST", "disputes/", _body(record)).json()
    path, ruling = f"disputes/{made['id']}/rule/", {"decision": "upheld", "reasons": "Seen"}
    assert supplier("POST", f"{path}preview/", ruling, **SEEN).status_code == 403
    assert management("POST", f"{path}preview/", ruling).status_code == 428
    seen = management("POST", f"{path}preview/", ruling, **SEEN)
    assert seen.status_code == 200, seen.content
    network = {
        "party": "Network",
        "measured_seconds": 21_000,
        "before_seconds": 21_000,
        "after_seconds": 13_800,
    }
    assert network in seen.json()["custody"]
    assert supplier("GET", f"disputes/{made['id']}/").json()["state"] == "raised"
    ruled = management("POST", path, ruling, **SEEN).json()["figures"]
    assert {each["target"]: each["after_met"] for each in seen.json()["verdicts"]} == {
        each["target"]: each["ruled_met"] for each in ruled["verdicts"]
    }
    assert management("POST", f"{path}preview/", ruling, **SEEN).json()["code"] == "stale_version"


def test_a_verdict_is_contested_and_withdrawn(record: Record, supplier: Call, management: Call) -> None:
    body = {"number": record.number, "grounds": "Met", "evidence": "Log", "target": "uc-network"}
    made = supplier("POST", "disputes/", body)
    assert made.status_code == 201, made.content
    assert made.json()["clock"]["target"] == "uc-network"
    twice = supplier("POST", "disputes/", body)
    assert (twice.status_code, twice.json()["code"]) == (422, "contested_already")
    assert twice.json()["dispute"] == made.json()["id"]
    path = made["Location"].removeprefix("/api/v1/")
    assert management("POST", f"{path}withdraw/", **SEEN).status_code == 403
    assert supplier("POST", f"{path}withdraw/", **SEEN).json()["state"] == "withdrawn"


def test_nobody_settles_what_he_has_not_read(record: Record, supplier: Call, management: Call) -> None:
    """Without the version that was read nothing is written; with * it is said that any will do."""
    made = supplier("POST", "disputes/", _body(record))
    path = made["Location"].removeprefix("/api/v1/")
    ruling = {"decision": "rejected", "reasons": "Seen"}
    for call, step, body in ((supplier, "withdraw/", None), (management, "rule/", ruling)):
        unseen = call("POST", f"{path}{step}", body)
        assert (unseen.status_code, unseen.json()["code"]) == (428, "if_match_required")
        assert unseen["Content-Type"] == "application/problem+json"
        assert call("POST", f"{path}{step}", body, **{"If-Match": "v1"}).status_code == 400
        assert call("POST", f"{path}{step}", body, **{"If-Match": '"v9"'}).status_code == 409
    assert supplier("GET", path).json()["version"] == 1
    assert management("POST", f"{path}rule/", ruling, **{"If-Match": "*"}).json()["state"] == "rejected"


def test_what_was_ruled_is_contested_once_more_and_names_the_ruling(
    record: Record, supplier: Call, management: Call
) -> None:
    first = supplier("POST", "disputes/", _body(record)).json()
    ruling = {"decision": "rejected", "reasons": "Seen"}
    assert management("POST", f"disputes/{first['id']}/rule/", ruling, **SEEN).status_code == 200
    bare = supplier("POST", "disputes/", _body(record))
    assert (bare.status_code, bare.json()["code"]) == (422, "ruled_already")
    assert (bare.json()["dispute"], bare.json()["final"]) == (first["id"], False)
    same = supplier("POST", "disputes/", _body(record, follows=first["id"]))
    assert [error["field"] for error in same.json()["errors"]] == ["evidence"]
    again = _body(record, follows=first["id"], evidence="The recording")
    second = supplier("POST", "disputes/", again)
    assert second.status_code == 201, second.content
    assert second.json()["follows"] == first["id"]
    assert supplier("POST", "disputes/", again).json()["code"] == "contested_already"
    assert management("POST", f"disputes/{second.json()['id']}/rule/", ruling, **SEEN).status_code == 200
    last = supplier("POST", "disputes/", again | {"evidence": "More"})
    assert (last.status_code, last.json()["final"]) == (422, True)


def test_bad_input_names_the_field(record: Record, supplier: Call) -> None:
    early = supplier("POST", "disputes/", _body(record, started_at="2026-11-16T10:09:59Z"))
    assert (early.status_code, early.json()["code"]) == (422, "dispute_refused")
    assert [error["field"] for error in early.json()["errors"]] == ["started_at"]
    assert supplier("POST", "disputes/", _body(record, evidence=None)).status_code == 400
    assert supplier("POST", "disputes/", _body(record, number="INC9999999")).status_code == 404


def test_no_other_supplier_and_no_other_tenant_sees_it(world: World, record: Record, supplier: Call) -> None:
    made = supplier("POST", "disputes/", _body(record)).json()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        rival = create_provider(code="rival", name="Rival")
        create_group(code="rival", name="Rival", provider=rival)
    object.__setattr__(world, "rival", rival)
    other = build_world("dvla")
    outsiders = [
        caller(world, "rival", "supplier-system"),
        caller(other, "supplier", "supplier-system"),
        caller(other, "desk_provider", "service-management"),
    ]
    for outsider in outsiders:
        assert outsider("GET", "disputes/").json()["results"] == []
        for method, path in (("GET", ""), ("POST", "withdraw/"), ("POST", "rule/")):
            body = {"decision": "rejected", "reasons": "No"} if path == "rule/" else None
            answer = outsider(method, f"disputes/{made['id']}/{path}", body, **SEEN)
            assert answer.status_code in (403, 404)
        assert outsider("GET", f"disputes/{made['id']}/").status_code == 404
    agent = caller(world, "desk_provider", "desk-system")
    assert agent("GET", "disputes/").status_code == 403


def test_too_late_by_the_api_too(world: World, record: Record, supplier: Call) -> None:
    assert supplier("POST", "disputes/", _body(record)).status_code == 201
    with tenant_scope(world.tenant.pk, actor="system:test"):
        Record.objects.filter(pk=record.pk).update(closed_at=timezone.now() - timedelta(days=31))
    late = supplier("POST", "disputes/", _body(record))
    assert late.status_code == 422
    assert "30 days" in late.json()["detail"]
