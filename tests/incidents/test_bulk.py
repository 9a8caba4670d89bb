"""Many incidents in one request: each row is done or refused by itself."""

from typing import Any

import pytest

from records.models import Record
from tenancy.engine.scope import tenant_scope
from tests.api.caller import Caller, caller
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def desk(world: World) -> Caller:
    return caller(world)


def bulk(call: Caller, *rows: dict[str, Any], **headers: str) -> Any:
    """The answer to these rows."""
    return call("POST", "incidents/bulk/", {"rows": list(rows)}, **headers)


def test_each_row_is_done_or_refused_by_itself(world: World, desk: Caller) -> None:
    number = desk.raise_one()
    answer = bulk(
        desk,
        {"action": "raise", "title": "One"},
        {"action": "raise", "title": " "},
        {"action": "classify", "number": number, "urgency": 1},
        {"action": "assign", "number": number, "support_group": "network", "version": 1},
        {"action": "start", "number": number, "version": 2},
        {"action": "resolve", "number": number, "resolution_code": "magic", "resolution": "x"},
        {"action": "close", "number": number},
        {"action": "comment", "number": "INC9999999", "body": "x"},
        {"action": "fly", "number": number},
        {"action": "work-note", "number": number, "body": "Seen", "colour": "red"},
        {"action": "work-note", "number": number, "body": "Seen"},
        {"action": "raise", "number": number, "title": "Two"},
        {"action": "start"},
    )
    assert answer.status_code == 200, answer.content
    body = answer.json()
    codes = [row["code"] for row in body["results"]]
    assert codes == [201, 400, 200, 409, 200, 400, 409, 404, 400, 400, 200, 400, 400]
    assert (body["done"], body["refused"]) == (4, 9)
    assert body["results"][4]["version"] == 3
    assert body["results"][3]["problem"]["code"] == "stale_version"
    assert [row["row"] for row in body["results"]] == list(range(13))
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Record.objects.get(number=number).version == 4
        assert Record.objects.count() == 2


def test_rows_need_the_permission_of_their_action(world: World, desk: Caller) -> None:
    number = desk.raise_one(support_group="network")
    supplier = caller(world, "supplier", "supplier-system")
    answer = bulk(
        supplier,
        {"action": "cancel", "number": number, "reason": "x"},
        {"action": "start", "number": number},
        {"action": "comment", "number": desk.raise_one(), "body": "x"},
    )
    assert [row["code"] for row in answer.json()["results"]] == [403, 200, 404]


def test_a_kept_answer_is_given_again(world: World, desk: Caller) -> None:
    rows = [{"action": "raise", "title": f"Number {number}"} for number in range(3)]
    first = bulk(desk, *rows, Idempotency_Key="once")
    assert bulk(desk, *rows, Idempotency_Key="once").json() == first.json()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Record.objects.count() == 3


@pytest.mark.parametrize("rows", [[], [{"action": "raise", "title": "x"}] * 501, ["x"], "x"])
def test_a_body_of_another_shape_does_nothing(world: World, desk: Caller, rows: Any) -> None:
    answer = desk("POST", "incidents/bulk/", {"rows": rows})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert not Record.objects.exists()
