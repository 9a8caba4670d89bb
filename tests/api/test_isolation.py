"""What belongs to another tenant, provider, person or restricted group answers exactly as what does not exist."""

import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from allauth.idp.oidc.models import Token
from django.db import connection
from django.test import Client
from django.utils import timezone

from outbox.public import dispatch_batch
from people.models import ApiClient, Membership, Person
from people.public import add_member
from records.models import Record
from records.public import attach_file, link
from tenancy.engine.identity import uuid7
from tenancy.engine.scope import tenant_scope
from tests.api.caller import Caller, caller, same
from tests.support.superuser import as_superuser
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)

NOWHERE = "INC9999999"


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


@pytest.fixture
def supplier(world: World) -> Caller:
    """Tenant A's network supplier."""
    return caller(world, "supplier", "supplier-system")


class Browser:
    """A member in a browser, under a host name."""

    def __init__(self, member: Membership, host: str = "localhost") -> None:
        self.host = host
        self.client = Client(raise_request_exception=False)
        self.client.force_login(Person.objects.get(pk=member.person_id))

    def get(self, path: str, **headers: str) -> Any:
        """The response to a GET."""
        return self.client.get(path, headers={"Host": self.host} | headers)

    def post(self, path: str, body: Any = None) -> Any:
        """The response to a POST: of JSON under /api/, of a form elsewhere."""
        if path.startswith("/api/"):
            body = json.dumps(body or {})
            return self.client.post(path, body, content_type="application/json", headers={"Host": self.host})
        return self.client.post(path, body or {}, headers={"Host": self.host})


STEPS: dict[str, dict[str, Any]] = {
    "assign": {"support_group": "service-desk"},
    "start": {},
    "take": {},
    "pend": {"waiting_for": "provider", "reason": "x"},
    "resume": {},
    "resolve": {"resolution_code": "fixed", "resolution": "x"},
    "reopen": {"comment": "x"},
    "confirm": {},
    "close": {},
    "cancel": {"reason": "x"},
    "comments": {"body": "x"},
    "work-notes": {"body": "x"},
}
READS = ("", "comments/", "work-notes/", "attachments/", "audit/")


def routes_of(call: Caller, number: str) -> list[Any]:
    """What every route on a record answers."""
    answers = [call("GET", f"incidents/{number}/{rest}") for rest in READS]
    answers += [call("POST", f"incidents/{number}/{name}/", body) for name, body in STEPS.items()]
    answers.append(call("PATCH", f"incidents/{number}/", {"urgency": 1}))
    answers.append(call.upload(f"incidents/{number}/attachments/", "x.txt", b"harmless"))
    answers.append(call("GET", f"incidents/{number}/", If_None_Match='"v1"'))
    answers.append(call("PATCH", f"incidents/{number}/", {"urgency": 1}, If_Match='"v1"'))
    answers.append(call("POST", f"incidents/{number}/start/", {}, Idempotency_Key="once"))
    return answers


def assert_as_nothing(call: Caller, number: str) -> None:
    """Every route on the record answers as for a number that was never given."""
    for seen, nothing in zip(routes_of(call, number), routes_of(call, NOWHERE), strict=True):
        assert same(seen, nothing), (
            seen.request["PATH_INFO"],
            seen.status_code,
            seen.content,
            nothing.content,
        )
        assert seen.status_code in (403, 404)


def clean_file(world: World, number: str, name: str = "log.txt") -> UUID:
    """A file on a record, scanned and let out."""
    with tenant_scope(world.tenant.pk, actor="system:test"), Path(__file__).open("rb") as content:
        record = Record.objects.get(number=number)
        made = attach_file(
            record=record, name=name, content=content, actor=world.actor(world.agent), at=timezone.now()
        )
    while dispatch_batch():
        pass
    return made.pk


def restricted(world: World, number: str) -> None:
    """Restrict a record to its support group."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Record.objects.filter(number=number).update(is_restricted=True)


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
    with_secret = _without_tokens(before.content.decode())
    with tenant_scope(world.tenant.pk, actor="system:test"):
        # As if it had never been: nothing on the page may tell the difference.
        as_superuser("UPDATE records_record SET tenant_id = -tenant_id WHERE number = %s", [secret])
    without = _without_tokens(agent.get("/desk/incidents/?view=all").content.decode())
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


def test_the_database_itself_refuses_another_tenant_s_row(world: World, rivers: World) -> None:
    number = caller(rivers).raise_one("theirs")
    with tenant_scope(world.tenant.pk, actor="system:test"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_record WHERE number = %s", [number])
        assert cursor.fetchone()[0] == 0
        cursor.execute("UPDATE records_record SET title = 'x'")
        assert cursor.rowcount == 0


def _without_tokens(html: str) -> str:
    """A page without what differs at each showing: nonces, form tokens, signatures and times."""
    html = re.sub(r"[\w:.%=&;-]{22,}", "", html)
    return re.sub(r"\d{1,2}:\d{2}(:\d{2})?|\d+ (seconds?|minutes?)", "", html)
