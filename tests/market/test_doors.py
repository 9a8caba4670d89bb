"""Who may use the market-compatible interface, and what it reaches."""

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from lifecycle.public import ForbiddenError
from market.queries.tables import TABLES
from people.public import allow_login, end_login
from tenancy.engine.scope import tenant_scope
from tests.api.visitors import Browser
from tests.market.tool import Tool, tool
from tests.support.offers import offer
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def desk(world: World) -> Tool:
    return tool(world)


def token(one: Tool, **form: str) -> Any:
    """What the token address answers."""
    given = {"client_id": one.client_id, "client_secret": one.client_secret} | form
    return Client().post(
        "/oauth_token.do", urlencode(given), content_type="application/x-www-form-urlencoded"
    )


def test_every_way_in_leads_to_the_same_rows(desk: Tool) -> None:
    number = desk.made(short_description="No e-mail")["number"]
    by_password = token(desk, grant_type="password", username=desk.name, password=desk.password).json()
    assert set(by_password) == {"access_token", "refresh_token", "scope", "token_type", "expires_in"}
    by_client = token(desk, grant_type="client_credentials").json()
    renewed = token(desk, grant_type="refresh_token", refresh_token=by_password["refresh_token"]).json()
    for headers in (
        {"Authorization": desk.basic},
        {"x-sn-apikey": desk.password},
        *({"Authorization": f"Bearer {each['access_token']}"} for each in (by_password, by_client, renewed)),
    ):
        answer = desk("GET", "now/table/incident", headers=headers)
        assert [row["number"] for row in answer.json()["result"]] == [number]


WRONG: tuple[dict[str, str], ...] = (
    {"grant_type": "password", "username": "defra.nobody", "password": "x"},
    {"grant_type": "client_credentials", "client_secret": "x"},
    {"grant_type": "refresh_token", "refresh_token": "x"},
)


@pytest.mark.parametrize("form", WRONG)
def test_wrong_credentials_are_told_apart_from_none(desk: Tool, form: dict[str, str]) -> None:
    assert token(desk, **form).status_code == 401
    assert token(desk, grant_type="magic").status_code == 400


def test_nobody_comes_in_unknown_or_switched_off(world: World, desk: Tool) -> None:
    unknown = {
        "error": {"message": "User Not Authenticated", "detail": "Required to provide Auth information"}
    }
    for headers in (
        {},
        {"Authorization": "Basic !!"},
        {"Authorization": desk.basic[:-6] + "AAAA=="},
        {"Authorization": "Basic Og=="},
        {"x-sn-apikey": "x"},
        {"x-sn-apikey": ""},
    ):
        answer = desk("GET", "now/table/incident", headers=headers)
        assert (answer.status_code, answer.json()) == (401, unknown | {"status": "failure"}), headers
        assert answer["WWW-Authenticate"].startswith("BASIC")
    # A password is for this interface only, and a person's session is for every other.
    assert desk("GET", "v1/incidents/", headers={"Authorization": desk.basic}).status_code == 401
    assert Browser(world.administrator).get("/api/now/table/incident").status_code == 401
    off = tool(world, role="resolver", on=False)
    assert token(off, grant_type="client_credentials").status_code == 401


def test_a_client_is_switched_on_and_off_by_administrators(world: World, desk: Tool) -> None:
    by_client = {
        "Authorization": f"Bearer {token(desk, grant_type='client_credentials').json()['access_token']}"
    }
    older = token(desk, grant_type="client_credentials").json()["refresh_token"]
    name = "desk_provider desk-system tool"
    with tenant_scope(world.tenant.pk, actor="system:test"):
        with pytest.raises(ForbiddenError):
            allow_login(client=name, actor=world.actor(world.agent), at=timezone.now())
        again = allow_login(client=name, actor=world.actor(world.administrator), at=timezone.now())
        assert again.name == desk.name
    # What the older password gave cannot be renewed under the new one.
    assert token(desk, grant_type="refresh_token", refresh_token=older).status_code == 401
    assert desk("GET", "now/table/incident").status_code == 401
    assert desk("GET", "now/table/incident", headers={"x-sn-apikey": again.password}).status_code == 200
    with tenant_scope(world.tenant.pk, actor="system:test"):
        end_login(client=name, actor=world.actor(world.administrator))
    assert desk("GET", "now/table/incident", headers={"x-sn-apikey": again.password}).status_code == 401
    assert desk("GET", "now/table/incident", headers=by_client).status_code == 403


def reached(one: Tool, incident: str, file: str) -> dict[str, tuple[int, Any]]:
    """What a tool gets at every address about an incident and a file that are not for it."""
    calls: list[tuple[str, str, Any, dict[str, str]]] = [
        (method, f"now/table/{table}/{incident}", {"state": "2"} if method in ("PUT", "PATCH") else None, {})
        for table in ("incident", "task")
        for method in ("GET", "PUT", "PATCH", "DELETE")
    ]
    calls += [
        (method, f"now/attachment/{file}{rest}", None, {})
        for method, rest in (("GET", ""), ("GET", "/file"), ("DELETE", ""))
    ]
    where = {"table_name": "incident", "table_sys_id": incident, "file_name": "a.txt"}
    calls.append(("POST", "now/attachment/file", b"text", where))
    return {
        f"{method} {path}": _brief(one(method, path, body, **query)) for method, path, body, query in calls
    }


def _brief(answer: Any) -> tuple[int, Any]:
    return answer.status_code, answer.json().get("error", {}).get("message") if answer.content else None


def test_no_tool_reaches_what_is_anothers(world: World, desk: Tool) -> None:
    other = build_world("other")
    tools = {"supplier": tool(world, "supplier", "supplier-system"), "other tenant": tool(other)}
    row = desk.made(short_description="Nobody else's business", caller_id="user", description="secret words")
    sent = desk(
        "POST",
        "now/attachment/file",
        b"text",
        table_name="incident",
        table_sys_id=row["sys_id"],
        file_name="a.txt",
    )
    file = sent.json()["result"]["sys_id"]
    nowhere = "f" * 32
    for name, one in tools.items():
        assert reached(one, row["sys_id"], file) == {
            path.replace(nowhere, row["sys_id"] if "table" in path else file): answer
            for path, answer in reached(one, nowhere, nowhere).items()
        }, name
        for table in TABLES:
            answer = one("GET", f"now/table/{table}", sysparm_display_value="all")
            assert b"Nobody else" not in answer.content, (name, table)
            assert row["sys_id"].encode() not in answer.content, (name, table)
            assert file.encode() not in answer.content, (name, table)
        assert (
            one("GET", "now/stats/incident", sysparm_count="true").json()["result"]["stats"]["count"] == "0"
        )
        for query in (
            "RLQUERYincident.sys_id,>0^short_descriptionLIKENobody^ENDRLQUERY",
            "JOINsys_user.sys_id=incident.caller_id!short_descriptionLIKENobody",
        ):
            found = one("GET", "now/table/sys_user", sysparm_query=query)
            assert world.user.pk.hex not in found.content.decode(), (name, query)


def test_a_supplier_sees_no_more_of_people_than_elsewhere(world: World, desk: Tool) -> None:
    supplier = tool(world, "supplier", "supplier-system")
    row = desk.made(short_description="No e-mail", caller_id="user", assignment_group="network")
    fields = "number,caller_id.name,caller_id.phone,caller_id.department,caller_id.department.name,assignment_group"
    (seen,) = supplier.rows("incident", sysparm_fields=fields, sysparm_exclude_reference_link="true")
    assert seen == {
        "number": row["number"],
        "caller_id.name": "User",
        "assignment_group": world.network_group.pk.hex,
    }
    assert supplier("GET", "now/table/cmn_department").status_code == 400
    assert supplier("GET", "now/table/sc_request").status_code == 400
    assert {each["email"] for each in supplier.rows("sys_user")} == {"engineer@defra.example"}
    assert supplier("GET", "sn_sc/servicecatalog/items").status_code == 403
    assert supplier("DELETE", f"now/table/incident/{row['sys_id']}").status_code == 403
    # Who is somebody in the tenant and who is nobody, it cannot tell by handing on either.
    for address in ("user@defra.example", "nobody@defra.example"):
        refused = supplier.change(row["sys_id"], assigned_to=address)
        assert "Nothing here is called" in refused.json()["error"]["detail"]
    begun = supplier.change(row["sys_id"], state="2", work_notes="Ours now")
    assert (begun.status_code, begun.json()["result"]["state"]) == (200, "2")


def test_a_handed_on_incident_is_out_of_a_suppliers_hands(world: World, desk: Tool) -> None:
    supplier = tool(world, "supplier", "supplier-system")
    row = desk.made(short_description="No e-mail", assignment_group="network")
    assert supplier.change(row["sys_id"], assignment_group="service-desk").status_code == 200
    refused = supplier.change(row["sys_id"], state="6", close_code="Duplicate", close_notes="x")
    assert refused.status_code == 403


def test_files_go_both_ways(desk: Tool) -> None:
    row = desk.made(short_description="No e-mail")
    where = {"table_name": "incident", "table_sys_id": row["sys_id"]}
    sent = desk(
        "POST",
        "now/v1/attachment/file",
        b"some text",
        file_name="notes.txt",
        content_type="text/plain",
        **where,
    )
    assert sent.status_code == 201, sent.content
    kept = sent.json()["result"]
    assert sent["Location"].endswith(f"/api/now/v1/attachment/{kept['sys_id']}/file")
    assert (kept["file_name"], kept["size_bytes"], kept["table_name"]) == ("notes.txt", "9", "incident")
    assert kept["download_link"].endswith(f"/attachment/{kept['sys_id']}/file")
    read = desk("GET", f"now/attachment/{kept['sys_id']}/file")
    assert b"".join(read.streaming_content) == b"some text"
    listed = desk("GET", "now/attachment", sysparm_query=f"table_name=incident^table_sys_id={row['sys_id']}")
    assert (listed["X-Total-Count"], listed.json()["result"][0]["hash"]) == ("1", kept["hash"])
    assert desk("GET", "now/attachment", **where)["X-Total-Count"] == "1"
    assert desk("POST", "now/attachment/file", b"MZ", file_name="virus.exe", **where).status_code == 403
    assert desk("POST", "now/attachment/file", b"x", file_name="a.txt").status_code == 400
    assert desk("DELETE", f"now/attachment/{kept['sys_id']}").status_code == 204
    gone = desk("GET", f"now/attachment/{kept['sys_id']}/file")
    assert (gone.status_code, "Record" in gone.json()["error"]["message"]) == (404, True)


def test_many_requests_come_as_one(desk: Tool) -> None:
    def asked(key: str, method: str, url: str, body: Any = None) -> dict[str, Any]:
        text = base64.b64encode(json.dumps(body).encode()).decode() if body is not None else ""
        return {"id": key, "method": method, "url": url, "headers": [], "body": text}

    answer = desk(
        "POST",
        "now/v1/batch",
        {
            "batch_request_id": 7,
            "rest_requests": [
                asked("1", "POST", "/api/now/table/incident", {"short_description": "One"}),
                asked("2", "POST", "/api/now/table/incident", {"short_description": "Two"}),
                asked("3", "GET", "/api/now/table/nothing"),
                asked(
                    "4",
                    "GET",
                    "/api/now/table/incident?sysparm_query=ORDERBYnumber&sysparm_fields=short_description",
                ),
                asked("5", "GET", "/api/v1/incidents/"),
                asked("6", "POST", "/api/now/v1/batch", {}),
            ],
        },
    )
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["batch_request_id"], body["unserviced_requests"]) == ("7", [])
    assert [each["status_code"] for each in body["serviced_requests"]] == [201, 201, 400, 200, 400, 400]
    listed = json.loads(base64.b64decode(body["serviced_requests"][3]["body"]))
    assert [row["short_description"] for row in listed["result"]] == ["One", "Two"]


def test_a_long_address_is_asked_for_by_a_short_one(world: World, desk: Tool) -> None:
    number = desk.made(short_description="No e-mail")["number"]
    numbers = ",".join(["INC"] * 3000 + [number])
    long = f"https://us/api/now/table/incident?sysparm_query=numberIN{numbers}&sysparm_fields=number"
    short = desk("POST", "now/tinyurl", {"url": long}).json()["result"]
    key = short.partition("sysparm_tiny=")[2]
    assert desk.rows("incident", sysparm_tiny=key) == [{"number": number}]
    others = tool(build_world("other"))
    assert others("GET", "now/table/incident", sysparm_tiny=key).status_code == 400


def test_figures_are_grouped(desk: Tool) -> None:
    for urgency in ("1", "1", "2"):
        desk.made(short_description="No e-mail", urgency=urgency)
    whole = desk(
        "GET", "now/stats/incident", sysparm_count="true", sysparm_max_fields="sys_mod_count"
    ).json()["result"]
    assert whole == {"stats": {"count": "3", "max": {"sys_mod_count": "1"}}}
    groups = desk("GET", "now/stats/incident", sysparm_count="true", sysparm_group_by="state").json()[
        "result"
    ]
    assert groups == [{"stats": {"count": "3"}, "groupby_fields": [{"field": "state", "value": "1"}]}]


def test_a_form_may_bring_a_file(desk: Tool) -> None:
    row = desk.made(short_description="No e-mail")
    form = {
        "table_name": "incident",
        "table_sys_id": row["sys_id"],
        "uploadFile": SimpleUploadedFile("a.txt", b"x"),
    }
    sent = desk.browser.post("/api/now/attachment/upload", form, headers={"Authorization": desk.basic})
    assert (sent.status_code, sent.json()["result"]["file_name"]) == (201, "a.txt")


def test_something_is_ordered_from_the_catalogue(world: World, desk: Tool) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        offer("laptop", service=world.service, actor=world.actor(world.administrator), at=timezone.now())
    (catalogue,) = desk("GET", "sn_sc/servicecatalog/catalogs").json()["result"]
    where = f"sn_sc/servicecatalog/catalogs/{catalogue['sys_id']}"
    assert desk("GET", where).json()["result"] == catalogue
    assert desk("GET", f"{where}/categories").status_code == 200
    (item,) = desk("GET", "sn_sc/servicecatalog/items", sysparm_catalog=catalogue["sys_id"]).json()["result"]
    assert desk("GET", "sn_sc/servicecatalog/items", sysparm_offset=1).json()["result"] == []
    whole = desk("GET", f"sn_sc/v1/servicecatalog/items/{item['sys_id']}").json()["result"]
    assert whole["name"] == item["name"]
    address = f"sn_sc/servicecatalog/items/{item['sys_id']}/order_now"
    nobody = desk("POST", address, {"sysparm_quantity": "1"})
    assert (nobody.status_code, "sysparm_requested_for" in nobody.json()["error"]["detail"]) == (403, True)
    made = desk("POST", address, {"sysparm_quantity": "1", "sysparm_requested_for": "user", "variables": {}})
    assert made.status_code == 200, made.content
    order = made.json()["result"]
    (line,) = desk.rows(
        "sc_req_item", sysparm_query=f"request={order['sys_id']}", sysparm_display_value="all"
    )
    assert (line["request"]["display_value"], line["requested_for"]["display_value"]) == (
        order["number"],
        "User",
    )


def test_so_many_a_minute(desk: Tool, settings: Any) -> None:
    settings.API_RATE = "3/minute"
    answers = [desk("GET", "now/table/sys_user_group") for _ in range(5)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert answers[-1].json()["error"]["message"] == "Rate limit exceeded"


def test_administrators_switch_clients_on_and_off_on_a_page(world: World) -> None:
    off = tool(world, on=False)
    chief, name = Browser(world.administrator), "desk_provider desk-system tool"
    page = chief.get("/admin/clients/").content
    assert b"Switch on" in page
    assert b"Calls this minute" in page
    given = chief.post("/admin/clients/on/", {"client": name})
    assert given.status_code == 200
    assert b"defra.desk_provider-desk-system-tool" in given.content
    assert token(off, grant_type="client_credentials").status_code == 200
    assert chief.post("/admin/clients/off/", {"client": name}).status_code == 302
    assert token(off, grant_type="client_credentials").status_code == 401
    assert chief.post("/admin/clients/on/", {"client": "nobody"}).status_code == 404
    assert Browser(world.agent).get("/admin/clients/").status_code == 403


def test_a_link_of_theirs_leads_to_our_page(world: World, desk: Tool) -> None:
    row = desk.made(short_description="No e-mail", caller_id="user")
    where = f"/incident.do?sys_id={row['sys_id']}"
    assert Browser(world.agent).get(where)["Location"] == f"/desk/incidents/{row['number']}/"
    assert Browser(world.user).get(where)["Location"] == f"/records/{row['number']}/"
    assert Browser(world.other_user).get(where).status_code == 404
    assert Browser(world.agent).get("/incident.do").status_code == 404
    assert Client().get(where).status_code == 302
