"""What belongs to another provider, person or restricted group answers exactly as what does not exist."""

import pytest
from django.utils import timezone

from records.models import Record
from records.public import link
from tenancy.engine.identity import uuid7
from tenancy.engine.scope import tenant_scope
from tests.api.caller import Caller, caller, same
from tests.api.visitors import (
    NOWHERE,
    READS,
    STEPS,
    Browser,
    assert_as_nothing,
    clean_file,
    restricted,
    without_tokens,
)
from tests.support.superuser import as_superuser
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    """Tenant A."""
    return build_world()


@pytest.fixture
def desk(world: World) -> Caller:
    """Tenant A's service desk."""
    return caller(world)


@pytest.fixture
def supplier(world: World) -> Caller:
    """Tenant A's network supplier."""
    return caller(world, "supplier", "supplier-system")


def test_a_record_that_a_supplier_never_held_is_nothing(world: World, desk: Caller, supplier: Caller) -> None:
    hidden = desk.raise_one("zeppelin, unseen")
    desk("POST", f"incidents/{hidden}/comments/", {"body": "zeppelin"})
    file = clean_file(world, hidden)
    assert_as_nothing(supplier, hidden)
    assert supplier("GET", f"incidents/{hidden}/attachments/{file}/file/").status_code == 404
    assert supplier("GET", "incidents/?q=zeppelin").json()["results"] == []
    assert supplier("GET", f"incidents/?q={hidden}").json()["results"] == []
    assert hidden not in supplier("GET", "changes/").content.decode()
    engineer = Browser(world.engineer)
    for path in ("/desk/incidents/?view=all", "/desk/search/?q=zeppelin", "/desk/"):
        assert b"zeppelin, unseen" not in engineer.get(path).content
    assert engineer.get(f"/desk/incidents/{hidden}/").status_code == 404


def test_searching_for_a_number_tells_nothing_of_whether_it_exists(
    world: World, desk: Caller, supplier: Caller
) -> None:
    hidden = desk.raise_one("unseen")
    words = f"like {hidden} and like {NOWHERE}"
    mine = desk.raise_one("seen", support_group="network", description=words)
    found = {
        number: [row["number"] for row in supplier("GET", f"incidents/?q={number}").json()["results"]]
        for number in (hidden, NOWHERE)
    }
    assert found == {hidden: [mine], NOWHERE: [mine]}


def test_a_link_to_a_record_that_a_supplier_may_not_see_is_not_there(
    world: World, desk: Caller, supplier: Caller
) -> None:
    hidden, mine = desk.raise_one("unseen"), desk.raise_one("seen", support_group="network")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        one, two = (Record.objects.get(number=number) for number in (mine, hidden))
        link(record=two, target=one, type="caused_by", actor=world.actor(world.agent), at=timezone.now())
    assert hidden not in supplier("GET", f"incidents/{mine}/").content.decode()
    page = Browser(world.engineer).get(f"/desk/incidents/{mine}/")
    assert page.status_code == 200
    assert hidden not in page.content.decode()


def test_what_was_handed_back_is_still_read_but_not_worked(
    world: World, desk: Caller, supplier: Caller
) -> None:
    number = desk.raise_one("router", support_group="network")
    assert (
        supplier("POST", f"incidents/{number}/assign/", {"support_group": "service-desk"}).status_code == 200
    )
    desk("POST", f"incidents/{number}/comments/", {"body": "later words"})
    for rest in READS:
        assert supplier("GET", f"incidents/{number}/{rest}").status_code == 200
    assert "later words" in supplier("GET", f"incidents/{number}/comments/").content.decode()
    version = desk("GET", f"incidents/{number}/").json()["version"]
    for name in ("assign", "start", "pend", "resolve"):
        answer = supplier("POST", f"incidents/{number}/{name}/", STEPS[name])
        assert answer.status_code == 422, (name, answer.content)
        assert "does not hold" in answer.json()["detail"]
    assert supplier("PATCH", f"incidents/{number}/", {"urgency": 1}).status_code == 422
    assert desk("GET", f"incidents/{number}/").json()["version"] == version
    offered = supplier("GET", f"incidents/{number}/").json()["actions"]
    assert not any(step["allowed"] for step in offered if step["name"] in ("assign", "start", "resolve"))


def test_a_supplier_finds_its_own_people_only(world: World, supplier: Caller) -> None:
    found = [row["email"] for row in supplier("GET", "people/").json()["results"]]
    assert found == [world.engineer.email]
    assert supplier("GET", "people/?q=agent").json()["results"] == []


def test_an_end_user_sees_what_is_theirs_and_never_the_working_side(world: World, desk: Caller) -> None:
    mine = desk.raise_one("mine", requester=world.user.email)
    other = desk.raise_one("zeppelin of another", requester=world.other_user.email)
    desk("POST", f"incidents/{mine}/work-notes/", {"body": "secret relay"})
    desk("POST", f"incidents/{mine}/assign/", {"support_group": "network", "work_note": "secret relay two"})
    user = Browser(world.user)
    for rest in ("", "comments/", "attachments/"):
        assert user.get(f"/api/v1/incidents/{mine}/{rest}").status_code == 200
        seen, nothing = (user.get(f"/api/v1/incidents/{number}/{rest}") for number in (other, NOWHERE))
        assert same(seen, nothing)
        assert seen.status_code == 404
    for rest in ("work-notes/", "audit/"):
        answers = [user.get(f"/api/v1/incidents/{number}/{rest}") for number in (mine, other, NOWHERE)]
        assert [answer.status_code for answer in answers] == [403] * 3
        assert answers[0].content == answers[1].content == answers[2].content
    everywhere = [
        "/",
        "/records/",
        f"/records/{mine}/",
        "/search/?q=secret",
        "/search/?q=zeppelin",
        "/api/v1/incidents/",
        "/api/v1/incidents/?q=secret",
        "/api/v1/incidents/?q=zeppelin",
        f"/api/v1/incidents/?q={other}",
        f"/api/v1/incidents/{mine}/",
        f"/api/v1/incidents/{mine}/comments/",
        "/api/v1/changes/",
    ]
    for path in everywhere:
        answer = user.get(path)
        assert answer.status_code in (200, 302), (path, answer.status_code)
        text = answer.content.decode()
        assert "secret relay" not in text, path
        assert "zeppelin of another" not in text, path
        assert ":note" not in text, path
    for path in (
        "/desk/",
        "/desk/incidents/",
        f"/desk/incidents/{mine}/",
        "/desk/search/?q=mine",
        "/desk/mail/",
    ):
        assert user.get(path).status_code == 403, path
    seen, nothing = (user.get(f"/records/{number}/") for number in (other, NOWHERE))
    assert (seen.status_code, nothing.status_code) == (404, 404)
    user.client.handler.enforce_csrf_checks = False
    for name, body in STEPS.items():
        answer = user.post(f"/api/v1/incidents/{other}/{name}/", body)
        assert same(answer, user.post(f"/api/v1/incidents/{NOWHERE}/{name}/", body)), name
        assert answer.status_code in (403, 404), name
    assert (
        user.post("/api/v1/incidents/", {"title": "x", "requester": world.other_user.email}).status_code
        == 403
    )


def test_an_internal_file_is_nothing_to_the_requester(world: World, desk: Caller) -> None:
    mine = desk.raise_one("mine", requester=world.user.email)
    file = clean_file(world, mine)
    user = Browser(world.user)
    path = f"/api/v1/incidents/{mine}/attachments/"
    assert len(user.get(path).json()["results"]) == 1
    as_superuser("UPDATE records_attachment SET is_internal = true")
    assert user.get(path).json()["results"] == []
    assert same(user.get(f"{path}{file}/file/"), user.get(f"{path}{uuid7()}/file/"))
    assert user.get(f"/records/{mine}/files/{file}/").status_code == 404
    assert len(desk("GET", path.removeprefix("/api/v1/")).json()["results"]) == 1


def test_a_restricted_record_leaves_no_trace_outside_its_group(world: World, desk: Caller) -> None:
    secret = desk.raise_one("zeppelin breach", support_group="network", requester=world.user.email)
    plain = desk.raise_one("plain")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        one, two = (Record.objects.get(number=number) for number in (plain, secret))
        link(record=one, target=two, type="relates_to", actor=world.actor(world.agent), at=timezone.now())
    file = clean_file(world, secret)
    restricted(world, secret)
    inside = Browser(world.engineer)
    assert inside.get(f"/api/v1/incidents/{secret}/").status_code == 200
    assert_as_nothing(desk, secret)
    assert desk("GET", f"incidents/{secret}/attachments/{file}/file/").status_code == 404
    for query in (
        "incidents/",
        "incidents/?q=zeppelin",
        f"incidents/?q={secret}",
        "incidents/?support_group=network",
    ):
        assert secret not in desk("GET", query).content.decode(), query
    assert "zeppelin" not in desk("GET", "changes/?limit=200").content.decode()
    numbers = {change["number"] for change in desk("GET", "changes/?limit=200").json()["results"]}
    assert secret not in numbers
    for member in (world.agent, world.administrator, world.user):
        browser = Browser(member)
        for path in (
            "/",
            "/records/",
            f"/records/{secret}/",
            "/search/?q=zeppelin",
            "/desk/",
            "/desk/incidents/?view=all",
            "/desk/incidents/?q=zeppelin",
            f"/desk/incidents/{secret}/",
            f"/desk/search/?q={secret}",
            "/desk/search/?q=zeppelin",
            "/desk/mail/",
            "/api/v1/incidents/",
            "/api/v1/changes/",
            "/api/v1/incidents/?q=zeppelin",
        ):
            text = browser.get(path).content.decode()
            assert "zeppelin breach" not in text, (member.name, path)
        assert same(
            browser.get(f"/api/v1/incidents/{secret}/"), browser.get(f"/api/v1/incidents/{NOWHERE}/")
        ), member.name


def test_a_restricted_record_is_not_counted_outside_its_group(world: World, desk: Caller) -> None:
    secret = desk.raise_one("secret")
    agent = Browser(world.agent)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        Record.objects.filter(number=secret).update(support_group=world.network_group.pk, is_restricted=True)
    before = agent.get("/desk/incidents/?view=all")
    assert before.status_code == 200
    with_secret = without_tokens(before.content.decode())
    with tenant_scope(world.tenant.pk, actor="system:test"):
        # As if it had never been: nothing on the page may tell the difference.
        as_superuser("UPDATE records_record SET tenant_id = -tenant_id WHERE number = %s", [secret])
    without = without_tokens(agent.get("/desk/incidents/?view=all").content.decode())
    assert with_secret == without


def test_a_provider_outside_the_group_does_not_see_a_restricted_record_it_once_held(
    world: World, desk: Caller, supplier: Caller
) -> None:
    number = desk.raise_one("router", support_group="network")
    supplier("POST", f"incidents/{number}/assign/", {"support_group": "service-desk"})
    assert supplier("GET", f"incidents/{number}/").status_code == 200
    restricted(world, number)
    assert_as_nothing(supplier, number)
    assert number not in supplier("GET", "changes/").content.decode()
    assert desk("GET", f"incidents/{number}/").status_code == 200
