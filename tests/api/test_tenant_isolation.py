"""What belongs to another tenant answers exactly as what does not exist."""

import pytest
from allauth.idp.oidc.models import Token
from django.db import connection
from django.test import Client
from django.utils import timezone

from people.models import ApiClient, Membership, Person
from people.public import add_member
from tenancy.engine.identity import uuid7
from tenancy.engine.scope import tenant_scope
from tests.api.caller import Caller, caller, same
from tests.api.visitors import NOWHERE, Browser, assert_as_nothing, clean_file
from tests.support.superuser import as_superuser
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    """Tenant A."""
    return build_world()


@pytest.fixture
def rivers(world: World) -> World:
    """Tenant B, with the same codes for other things."""
    return build_world("rivers")


@pytest.fixture
def desk(world: World) -> Caller:
    """Tenant A's service desk."""
    return caller(world)


def test_a_record_of_another_tenant_is_nothing_by_any_route(
    world: World, rivers: World, desk: Caller
) -> None:
    theirs = caller(rivers)
    theirs.raise_one("theirs one")
    number = theirs.raise_one("theirs two")
    assert_as_nothing(desk, number)
    for role in ("agent", "administrator", "engineer", "user"):
        browser = Browser(getattr(world, role))
        for path in (
            "/desk/incidents/{}/",
            "/records/{}/",
            "/records/{}/reply/",
            "/desk/incidents/{}/resolve/",
        ):
            seen, nothing = browser.get(path.format(number)), browser.get(path.format(NOWHERE))
            assert seen.status_code == nothing.status_code
            assert b"theirs two" not in seen.content
            assert seen.status_code in (302, 403, 404, 405), (role, path)
    assert theirs("GET", f"incidents/{number}/").json()["version"] == 1


def test_codes_and_people_of_another_tenant_are_unknown(world: World, rivers: World, desk: Caller) -> None:
    with tenant_scope(rivers.tenant.pk, actor="system:test"):
        add_member(email="only@rivers.example", name="Only There", roles=["end-user"])
    as_superuser(
        "UPDATE people_supportgroup SET code = 'only-there' WHERE id = %s", [str(rivers.network_group.pk)]
    )
    as_superuser("UPDATE catalogue_service SET code = 'only-there' WHERE id = %s", [str(rivers.service.pk)])
    number = desk.raise_one()
    for field in ("service", "support_group", "category"):
        one, two = (
            desk("POST", "incidents/", {"title": "x", field: code}) for code in ("only-there", "no-such-one")
        )
        assert one.status_code == two.status_code == 422
        assert one.content.replace(b"only-there", b"") == two.content.replace(b"no-such-one", b"")
    for field in ("requester", "affected_user"):
        one, two = (
            desk("POST", "incidents/", {"title": "x", field: f"{name}@rivers.example"})
            for name in ("only", "none")
        )
        assert one.status_code == two.status_code == 422
        assert one.content.replace(b"only@", b"") == two.content.replace(b"none@", b"")
    for body in (
        {"support_group": "only-there"},
        {"support_group": "network", "assignee": "only@rivers.example"},
    ):
        assert desk("POST", f"incidents/{number}/assign/", body).status_code == 422
    for query in ("service=only-there", "support_group=only-there", "requester=only@rivers.example"):
        assert desk("GET", f"incidents/?{query}").json()["results"] == []
    assert desk("GET", "people/?q=only").json()["results"] == []
    assert "only-there" not in desk("GET", "support-groups/").content.decode()
    assert "only-there" not in desk("GET", "services/").content.decode()


def test_files_cursors_keys_and_words_of_another_tenant_are_worth_nothing(
    world: World, rivers: World, desk: Caller
) -> None:
    theirs = caller(rivers)
    number = [theirs.raise_one(f"zeppelin {count}") for count in ("one", "two", "three")][-1]
    mine = desk.raise_one("mine")
    file = clean_file(rivers, number)
    path = f"incidents/{mine}/attachments/{{}}/file/"
    assert same(desk("GET", path.format(file)), desk("GET", path.format(uuid7())))
    fetched = [call("GET", f"incidents/{number}/attachments/{file}/file/") for call in (desk, theirs)]
    assert [answer.status_code for answer in fetched] == [404, 200]
    fetched[1].close()
    cursor = theirs("GET", "incidents/?limit=1").json()["next"].partition("cursor=")[2]
    for query in (f"incidents/?cursor={cursor}", f"incidents/?limit=1&cursor={cursor}"):
        assert b"zeppelin" not in desk("GET", query).content
    feed = theirs("GET", "changes/").json()["cursor"]
    assert b"zeppelin" not in desk("GET", f"changes/?cursor={feed}").content
    assert desk("GET", "incidents/?q=zeppelin").json()["results"] == []
    first = theirs("POST", "incidents/", {"title": "zeppelin"}, Idempotency_Key="same-key")
    again = desk("POST", "incidents/", {"title": "mine again"}, Idempotency_Key="same-key")
    assert (first.status_code, again.status_code) == (201, 201)
    assert "Idempotency-Replayed" not in again
    assert again.json()["title"] == "mine again"


def test_a_session_has_no_standing_under_the_host_of_another_tenant(world: World, rivers: World) -> None:
    number = caller(rivers).raise_one("theirs")
    stranger = Browser(world.administrator, host="rivers.localhost")
    at_home = Browser(world.administrator, host="defra.localhost")
    assert at_home.get("/api/v1/incidents/").status_code == 200
    for path in ("/api/v1/incidents/", f"/api/v1/incidents/{number}/", "/api/v1/people/", "/api/v1/changes/"):
        answer = stranger.get(path)
        assert answer.status_code in (401, 403), (path, answer.status_code)
    for path in (
        "/desk/",
        "/desk/incidents/",
        f"/desk/incidents/{number}/",
        f"/records/{number}/",
        "/records/",
    ):
        answer = stranger.get(path)
        assert answer.status_code in (302, 403, 404), (path, answer.status_code)
        assert b"theirs" not in answer.content


def test_a_membership_one_does_not_have_cannot_be_switched_to(world: World, rivers: World) -> None:
    number = caller(rivers).raise_one("theirs")
    browser = Browser(world.agent)
    unknown = browser.post("/account/tenant/", {"tenant": "no-such-tenant"})
    refused = browser.post("/account/tenant/", {"tenant": "rivers"})
    assert refused.status_code == unknown.status_code == 422
    session = browser.client.session
    session["tenant_id"] = rivers.tenant.pk
    session.save()
    assert browser.get(f"/api/v1/incidents/{number}/").status_code == 401
    assert browser.get(f"/desk/incidents/{number}/").status_code in (302, 403, 404)


def test_a_person_in_two_tenants_sees_one_at_a_time(world: World, rivers: World) -> None:
    ours, theirs = caller(world).raise_one("ours"), caller(rivers).raise_one("theirs")
    assert ours == theirs
    with tenant_scope(rivers.tenant.pk, actor="system:test"):
        add_member(
            email=world.agent.email, name="Agent", roles=["service-desk"], provider=rivers.desk_provider
        )
    browser = Browser(world.agent)
    for code, title in (("rivers", "theirs"), ("defra", "ours"), ("rivers", "theirs")):
        assert browser.post("/account/tenant/", {"tenant": code}).status_code == 302
        assert browser.get(f"/api/v1/incidents/{ours}/").json()["title"] == title
    under_host = Browser(world.agent, host="defra.localhost")
    assert under_host.get(f"/api/v1/incidents/{ours}/").json()["title"] == "ours"


def test_a_token_works_in_its_own_tenant_only(world: World, rivers: World, desk: Caller) -> None:
    caller(rivers).raise_one("theirs")
    desk.raise_one("ours")
    answer = desk("GET", "incidents/", Host="rivers.localhost")
    assert [row["title"] for row in answer.json()["results"]] == ["ours"]
    made = desk("POST", "incidents/", {"title": "also ours"}, Host="rivers.localhost")
    assert made.json()["number"] == "INC0000002"
    assert len(caller(rivers, name="other")("GET", "incidents/").json()["results"]) == 1


def test_a_person_who_left_has_no_standing_from_that_moment(world: World, desk: Caller) -> None:
    number = desk.raise_one(requester=world.user.email)
    agent, user = Browser(world.agent), Browser(world.user)
    assert agent.get(f"/api/v1/incidents/{number}/").status_code == 200
    assert user.get(f"/records/{number}/").status_code == 200
    with tenant_scope(world.tenant.pk, actor="system:test"):
        Membership.objects.filter(pk__in=[world.agent.pk, world.user.pk]).update(is_active=False)
    assert agent.get(f"/api/v1/incidents/{number}/").status_code == 401
    assert agent.get("/desk/incidents/").status_code in (302, 403, 404)
    assert user.get(f"/records/{number}/").status_code in (302, 403, 404)
    assert desk("GET", "people/?q=agent").json()["results"] == []
    unknown = desk("POST", "incidents/", {"title": "x", "requester": "nobody@defra.example"})
    gone = desk("POST", "incidents/", {"title": "x", "requester": world.user.email})
    assert gone.status_code == unknown.status_code == 422


def test_a_person_who_was_locked_out_has_no_standing_anywhere(world: World) -> None:
    browser = Browser(world.agent)
    assert browser.get("/api/v1/incidents/").status_code == 200
    Person.objects.filter(pk=world.agent.person_id).update(is_active=False)
    assert browser.get("/api/v1/incidents/").status_code == 401
    assert browser.get("/desk/incidents/").status_code == 302


def test_an_ended_token_or_client_is_as_one_that_never_was(world: World, desk: Caller) -> None:
    other = caller(world, "supplier", "supplier-system")
    nonsense = Caller("nonsense", "", "", desk.browser)("GET", "incidents/")
    assert nonsense.status_code == 401
    Token.objects.filter(client_id=desk.client_id).update(expires_at=timezone.now())
    assert same(desk("GET", "incidents/"), nonsense)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        ApiClient.objects.filter(client_id=other.client_id).update(is_active=False)
    assert same(other("GET", "incidents/"), nonsense)
    third = caller(world, name="third")
    form = {"client_id": third.client_id, "client_secret": third.client_secret, "token": third.token}
    assert Client().post("/identity/o/api/revoke", form).status_code == 200
    assert same(third("GET", "incidents/"), nonsense)


def test_the_database_itself_refuses_another_tenant_s_row(world: World, rivers: World) -> None:
    number = caller(rivers).raise_one("theirs")
    with tenant_scope(world.tenant.pk, actor="system:test"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_record WHERE number = %s", [number])
        assert cursor.fetchone()[0] == 0
        cursor.execute("UPDATE records_record SET title = 'x'")
        assert cursor.rowcount == 0
