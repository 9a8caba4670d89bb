"""Offerings, basket, orders and requests over the API, by what the offering's own schema says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from catalogue.public import AudienceCodes
from people.models import Person
from tenancy.engine.scope import tenant_scope
from tests.requests_app.test_basket import FORM
from tests.support.offers import offer, words
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    """A tenant with an offering that asks, and one for the service desk's group only."""
    made = build_world()
    with tenant_scope(made.tenant.pk, actor="system:test"):
        common: dict[str, Any] = {
            "service": made.service,
            "actor": made.actor(made.administrator),
            "at": LONG_AGO,
        }
        offer("laptop", **common, form=FORM, max_quantity=3, for_others=True, price="100.00")
        offer("headset", **common, audience=AudienceCodes(support_groups=["service-desk"]))
    return made


def caller(world: World, who: str) -> Client:
    """A client logged in as somebody."""
    client = Client(headers={"host": world.tenant.host})
    client.force_login(Person.objects.get(pk=getattr(world, who).person_id))
    return client


def test_two_audiences_see_what_is_theirs_everywhere(world: World) -> None:
    for who, theirs in (("user", ["laptop"]), ("agent", ["headset", "laptop"])):
        client = caller(world, who)
        listed = client.get("/api/v1/offerings/").json()["results"]
        assert [row["code"] for row in listed] == theirs
        found = client.get("/api/v1/offerings/?q=headset").json()["results"]
        assert [row["code"] for row in found] == [code for code in theirs if code == "headset"]
        expected = 200 if "headset" in theirs else 404
        for address in (
            "/api/v1/offerings/headset/",
            "/api/v1/offerings/headset/schema/",
            "/request/headset/",
        ):
            assert client.get(address).status_code == expected, address
        started = client.post("/api/v1/basket/lines/", {"offering": "headset"}, "application/json")
        assert started.status_code == (201 if expected == 200 else 404)
        ordered = client.post("/api/v1/orders/", {"lines": [{"offering": "headset"}]}, "application/json")
        assert ordered.status_code == (201 if expected == 200 else 422)
        page = client.get("/request/?q=headset").content.decode()
        assert ("/request/headset/" in page) == (expected == 200)
        assert ("/request/headset/" in client.get("/request/").content.decode()) == (expected == 200)


def test_the_schema_says_what_an_order_takes(world: World) -> None:
    client = caller(world, "user")
    schema = Draft202012Validator(client.get("/api/v1/offerings/laptop/schema/").json())
    for answers in (
        {"model": "light"},
        {"model": "strong"},
        {"model": "strong", "reason": "Maps"},
        {"model": "light", "reason": "Maps"},
        {"model": "heavy"},
        {},
    ):
        body = {"lines": [{"offering": "laptop", "answers": answers}]}
        answer = client.post("/api/v1/orders/", body, "application/json")
        assert (answer.status_code == 201) == schema.is_valid(answers), answer.json()


def test_faults_are_named_by_line_and_question(world: World) -> None:
    body = {"lines": [{"offering": "laptop", "answers": {"model": "strong"}, "quantity": 9}]}
    answer = caller(world, "user").post("/api/v1/orders/", body, "application/json")
    assert answer.status_code == 422
    assert {fault["field"] for fault in answer.json()["errors"]} == {
        "lines.0.answers.reason",
        "lines.0.quantity",
    }


def test_a_basket_is_ordered_once_and_as_it_was_seen(world: World) -> None:
    client = caller(world, "user")
    basket = client.post("/api/v1/basket/lines/", {"offering": "laptop"}, "application/json").json()
    (line,) = basket["lines"]
    assert line["pages_left"] == ["model"]
    address = f"/api/v1/basket/lines/{line['id']}/"
    change = {"page": "model", "answers": {"model": "light"}, "quantity": 2}
    basket = client.patch(address, change, "application/json").json()
    assert [(row["place"], row["quantity"]) for row in basket["lines"]] == [("basket", 2)]
    assert client.post("/api/v1/basket/order/", {}, "application/json").status_code == 428
    stale = {"If-Match": f'"v{basket["version"] - 1}"'}
    assert client.post("/api/v1/basket/order/", {}, "application/json", headers=stale).status_code == 409
    seen = {"If-Match": f'"v{basket["version"]}"'}
    order = client.post("/api/v1/basket/order/", {}, "application/json", headers=seen)
    again = client.post("/api/v1/basket/order/", {}, "application/json", headers=seen)
    assert (order.status_code, again.json()) == (201, order.json())
    assert order.json()["requests"] == ["REQ0000001"]
    request = client.get("/api/v1/requests/REQ0000001/").json()
    assert (request["order"], request["cost"], request["answers"]) == (
        order.json()["number"],
        "200.00",
        {"model": "light"},
    )
    listed = client.get("/api/v1/requests/?state=submitted").json()["results"]
    assert [row["number"] for row in listed] == ["REQ0000001"]
    assert caller(world, "other_user").get("/api/v1/requests/REQ0000001/").status_code == 404


def test_an_offering_is_designed_and_published(world: World) -> None:
    client = caller(world, "administrator")
    body = {"code": "monitor", "service": "email", "name": "Monitor"}
    made = client.post("/api/v1/offerings/", body, "application/json")
    assert made.status_code == 201
    seen = {"If-Match": made["ETag"]}
    refused = client.post("/api/v1/offerings/monitor/publish/", {}, "application/json", headers=seen)
    assert refused.status_code == 422
    design = {"name": words("Monitor"), "summary": words("A screen"), "description": words("A big screen")}
    changed = client.patch("/api/v1/offerings/monitor/design/", design, "application/json", headers=seen)
    stale = client.patch("/api/v1/offerings/monitor/design/", design, "application/json", headers=seen)
    assert (changed.status_code, stale.status_code) == (200, 409)
    seen = {"If-Match": changed["ETag"]}
    assert caller(world, "user").get("/api/v1/offerings/monitor/").status_code == 404
    published = client.post(
        "/api/v1/offerings/monitor/publish/", {"note": "First"}, "application/json", headers=seen
    )
    assert (published.status_code, published.json()["number"]) == (201, 1)
    assert caller(world, "user").get("/api/v1/offerings/monitor/").json()["name"]["en"] == "Monitor"
    faulty = {
        "form": {"pages": [{"code": "a", "title": words("A"), "fields": [{"code": "x", "type": "colour"}]}]}
    }
    refused = client.patch(
        "/api/v1/offerings/monitor/design/", faulty, "application/json", headers={"If-Match": "*"}
    )
    assert refused.status_code == 422


def test_a_keyed_order_is_placed_once(world: World) -> None:
    client = caller(world, "user")
    body = {"lines": [{"offering": "laptop", "answers": {"model": "light"}}]}
    key = {"Idempotency-Key": "order-1"}
    first, again = (client.post("/api/v1/orders/", body, "application/json", headers=key) for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    assert client.get("/api/v1/requests/").json()["results"][0]["number"] == "REQ0000001"
    assert len(client.get("/api/v1/requests/").json()["results"]) == 1


def test_the_catalogue_takes_no_more_reads_when_it_is_bigger(
    world: World, django_assert_num_queries: Any
) -> None:
    client = caller(world, "user")
    client.get("/request/")
    counts = []
    for more in (1, 30):
        with tenant_scope(world.tenant.pk, actor="system:test"):
            chief = world.actor(world.administrator)
            for place in range(more):
                offer(
                    f"thing-{more}-{place}",
                    service=world.service,
                    actor=chief,
                    at=LONG_AGO + timedelta(days=1),
                )
        client.get("/request/")
        with django_assert_num_queries(5) as seen:
            client.get("/request/")
        counts.append(len(seen))
    assert counts[0] == counts[1]
