"""Tables as the market's tools read and write them."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from incidents.models import Incident
from market.queries.tables import TABLES
from records.models import AuditEntry, Comment, Record
from tenancy.engine.scope import tenant_scope
from tests.market.tool import Tool, tool
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def desk(world: World) -> Tool:
    return tool(world)


def test_an_incident_is_made_read_changed_and_deleted(world: World, desk: Tool) -> None:
    answer = desk(
        "POST",
        "now/table/incident",
        {"short_description": "No e-mail", "impact": "2", "urgency": "1", "u_x": "y"},
    )
    assert answer.status_code == 201
    row = answer.json()["result"]
    assert answer["Location"].endswith(f"/api/now/table/incident/{row['sys_id']}")
    assert (row["state"], row["active"], row["impact"], row["short_description"]) == (
        "1",
        "true",
        "2",
        "No e-mail",
    )
    assert all(isinstance(value, (str, dict)) for value in row.values())
    assert row["assignment_group"]["link"].endswith(f"/table/sys_user_group/{world.desk_group.pk.hex}")

    changed = desk.change(
        row["sys_id"], short_description="No e-mail at all", state="2", work_notes="Looking"
    )
    assert changed.status_code == 200, changed.content
    assert (changed.json()["result"]["state"], changed.json()["result"]["short_description"]) == (
        "2",
        "No e-mail at all",
    )
    read = desk(
        "GET",
        f"now/v2/table/incident/{row['sys_id']}",
        sysparm_fields="number,state",
        sysparm_display_value="all",
    )
    assert read.json()["result"] == {
        "number": {"display_value": row["number"], "value": row["number"]},
        "state": {"display_value": "In Progress", "value": "2"},
    }
    assert desk("DELETE", f"now/table/incident/{row['sys_id']}").status_code == 204
    gone = desk("GET", f"now/table/incident/{row['sys_id']}")
    assert (gone.status_code, gone.json()["error"]["message"], gone.json()["status"]) == (
        404,
        "No Record found",
        "failure",
    )
    assert desk.rows("incident", number=row["number"]) == []
    with tenant_scope(world.tenant.pk, actor="system:test"):
        kept = Record.objects.get(number=row["number"])
        assert (kept.state, AuditEntry.objects.filter(record=kept).count() > 3) == ("cancelled", True)


def test_a_body_may_be_empty_and_a_client_may_choose_the_key(desk: Tool) -> None:
    empty = desk("POST", "now/table/incident", b"null")
    assert (empty.status_code, empty.json()["result"]["short_description"]) == (201, "No short description")
    key = "0123456789abcdef0123456789abcdef"
    assert desk.made(short_description="Mine", sys_id=key)["sys_id"] == key
    again = desk("POST", "now/table/incident", {"short_description": "Mine", "sys_id": key})
    assert again.status_code == 403
    assert len(desk.rows("incident", sysparm_query=f"sys_id={key}")) == 1


def test_what_says_the_same_changes_nothing(world: World, desk: Tool) -> None:
    row = desk.made(short_description="No e-mail", description="At all", urgency="3", caller_id="user")
    same = {name: row[name] for name in ("short_description", "description", "urgency", "impact", "state")}
    same |= {"assignment_group": row["assignment_group"]["value"], "assigned_to": "", "correlation_id": ""}
    answer = desk("PUT", f"now/table/incident/{row['sys_id']}", same)
    assert answer.json()["result"]["sys_mod_count"] == row["sys_mod_count"] == "1"
    assert desk("PUT", f"now/table/incident/{row['sys_id']}", b"null").status_code == 200


STATES: tuple[tuple[dict[str, str], str, dict[str, str], str], ...] = (
    # from, asked, more, then
    ({}, "2", {}, "2"),
    ({}, "3", {"hold_reason": "4"}, "3"),
    ({}, "3", {"hold_reason": "Awaiting Caller", "comments": "Which room?"}, "3"),
    ({"state": "3", "hold_reason": "5"}, "In Progress", {}, "2"),
    ({}, "6", {"close_code": "Solved (Permanently)", "close_notes": "Fixed"}, "6"),
    ({}, "7", {"close_code": "Duplicate", "close_notes": "Twice"}, "7"),
    ({"state": "6", "close_code": "x", "close_notes": "y"}, "2", {"comments": "No"}, "2"),
    ({"state": "6", "close_code": "x", "close_notes": "y"}, "7", {}, "7"),
    ({}, "8", {}, "8"),
)


@pytest.mark.parametrize(("first", "asked", "more", "then"), STATES)
def test_a_state_is_reached_by_our_steps(
    desk: Tool, first: dict[str, str], asked: str, more: dict[str, str], then: str
) -> None:
    row = desk.made(short_description="No e-mail", **first)
    answer = desk.change(row["sys_id"], state=asked, **more)
    assert answer.status_code == 200, answer.content
    assert answer.json()["result"]["state"] == then


REFUSED: tuple[tuple[dict[str, str], dict[str, str], str], ...] = (
    ({}, {"state": "6"}, "close_code"),
    ({}, {"state": "7", "close_code": "Duplicate"}, "close_notes"),
    ({"state": "2"}, {"state": "1"}, "In Progress (2) to New (1)"),
    ({"state": "8"}, {"state": "2"}, "Canceled (8) to In Progress (2)"),
    ({}, {"state": "99"}, "state"),
    ({}, {"state": "3", "hold_reason": "1"}, "comments"),
    ({}, {"urgency": "9"}, "urgency"),
    ({}, {"assignment_group": "nobody"}, "assignment_group"),
    ({}, {"short_description": "Changed", "assigned_to": "user@defra.example"}, "assignee"),
)


@pytest.mark.parametrize(("first", "given", "named"), REFUSED)
def test_what_cannot_be_is_refused_whole(
    desk: Tool, first: dict[str, str], given: dict[str, str], named: str
) -> None:
    row = desk.made(short_description="No e-mail", **first)
    answer = desk.change(row["sys_id"], work_notes="Not to be kept", **given)
    assert answer.status_code == 403, answer.content
    assert named in answer.json()["error"]["detail"]
    now = desk("GET", f"now/table/incident/{row['sys_id']}", sysparm_display_value="true").json()["result"]
    assert (now["short_description"], now["work_notes"]) == ("No e-mail", "")


def test_words_are_said_once_and_shown_as_a_journal(world: World, desk: Tool) -> None:
    row = desk.made(short_description="No e-mail", comments="From the start", urgency="2")
    desk.change(row["sys_id"], comments="Recovered", short_description="No e-mail: resolved")
    shown = desk("GET", f"now/table/incident/{row['sys_id']}", sysparm_display_value="true").json()["result"]
    assert shown["comments"].count("(Additional comments)") == 2
    assert shown["comments"].index("Recovered") < shown["comments"].index("From the start")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Comment.objects.filter(record__number=row["number"]).count() == 2
    assert desk.rows("incident", sysparm_query="commentsLIKErecovered")[0]["number"] == row["number"]


def test_lists_are_counted_paged_and_linked(desk: Tool) -> None:
    numbers = [desk.made(short_description=f"Incident {each}")["number"] for each in range(7)]
    answer = desk(
        "GET", "now/table/incident", sysparm_query="ORDERBYnumber", sysparm_limit=3, sysparm_offset=3
    )
    assert [row["number"] for row in answer.json()["result"]] == numbers[3:6]
    assert answer["X-Total-Count"] == "7"
    assert all(f'rel="{name}"' in answer["Link"] for name in ("first", "prev", "next", "last"))
    quiet = desk(
        "GET", "now/table/incident", sysparm_suppress_pagination_header="true", sysparm_no_count="true"
    )
    assert "Link" not in quiet
    assert "X-Total-Count" not in quiet
    past = desk("GET", "now/table/incident", sysparm_offset=50, sysparm_limit=3)
    assert (past.json()["result"], past["X-Total-Count"]) == ([], "7")
    seen = [
        row["number"]
        for offset in range(0, 9, 2)
        for row in desk.rows(
            "incident", sysparm_query="ORDERBYpriority", sysparm_limit=2, sysparm_offset=offset
        )
    ]
    assert sorted(seen) == numbers


def test_references_are_walked_and_their_links_left_out(world: World, desk: Tool) -> None:
    row = desk.made(short_description="No e-mail", caller_id="user@defra.example", business_service="email")
    (found,) = desk.rows(
        "incident",
        sysparm_fields="caller_id.department.name,caller_id.email,caller_id,cmdb_ci,nothing,caller_id.nothing",
        sysparm_exclude_reference_link="TRUE",
        number=row["number"],
    )
    assert found == {
        "caller_id.department.name": "Agency",
        "caller_id.email": "user@defra.example",
        "caller_id": world.user.pk.hex,
        "cmdb_ci": world.service.pk.hex,
    }
    shown = desk.rows("incident", sysparm_fields="caller_id", sysparm_display_value="all")[0]["caller_id"]
    assert (shown["display_value"], shown["value"]) == ("User", world.user.pk.hex)
    assert desk.rows("sys_user", user_name="user")[0]["email"] == "user@defra.example"
    assert (
        desk.rows("sys_user", sysparm_query="department.nameSTARTSWITHAge^nameLIKEuse")[0]["name"] == "User"
    )


def queries(row: dict[str, Any], world: World) -> dict[str, bool]:
    """Queries about one incident, and whether each finds it."""
    later = (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S")
    return {
        f"number={row['number']}": True,
        f"number={row['number'].lower()}": True,
        "short_descriptionLIKEe-mail": True,
        "short_descriptionNOT LIKEe-mail": False,
        "short_descriptionSTARTSWITHno": True,
        "short_descriptionENDSWITHx": False,
        "short_descriptionCONTAINSmail": True,
        "short_description=no E-MAIL": True,
        "short_description!=no e-mail": False,
        "short_descriptionINNo e-mail,Other": True,
        "state=1": True,
        "stateIN2,3": False,
        "stateNOT IN2,3": True,
        "state<6": True,
        "stateBETWEEN1@2": True,
        "active=true": True,
        "impact=3^urgency=2": True,
        "impact=3^urgency=1": False,
        "urgency=1^ORurgency=2": True,
        "state=7^NQurgency=2": True,
        "state=7^ORstate=8^urgency=2": False,
        "priority>=1": True,
        "caller_id=javascript:gs.getUserID()": False,
        f"caller_id={world.user.pk.hex}": True,
        "caller_idISEMPTY": False,
        "caller_idISNOTEMPTY": True,
        "caller_idLIKEuse": True,
        "caller_id.email=user@defra.example": True,
        "caller_id.department.name=Agency": True,
        "assigned_toISEMPTY": True,
        "assigned_toANYTHING": True,
        "correlation_idEMPTYSTRING": True,
        f"opened_at<{later}": True,
        f"opened_at>{later}": False,
        "sys_created_onONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()": True,
        "sys_created_on>javascript:gs.daysAgoStart(3)": True,
        "sys_created_on<javascript:gs.daysAgo(3)": False,
        "resolved_atISEMPTY": True,
        "cmdb_ciSAMEASbusiness_service": True,
        "caller_idNSAMEASassigned_to": True,
        "nothing=1": True,
        "nothing=1^state=7": False,
        "nothing.at.all=1^EQ": True,
        "RLQUERYsys_attachment.table_sys_id,>0^ENDRLQUERY": False,
        "RLQUERYtask_sla.task,>0^stage=in_progress^ENDRLQUERY": True,
        "RLQUERYtask_sla.task,=0^stage=in_progress^ENDRLQUERY": False,
        "JOINincident.caller_id=sys_user.sys_id!name=User": True,
        "JOINincident.caller_id=sys_user.sys_id!name=Nobody": False,
        "sys_class_name=incident": True,
        "sys_idISNOTEMPTY": True,
        "contact_type=integration": True,
        "hold_reasonISEMPTY": True,
        "'; DROP TABLE records_record; --": True,
        "short_description='; DROP TABLE records_record; --": False,
    }


def test_queries_find_what_they_say(world: World, desk: Tool) -> None:
    row = desk.made(short_description="No e-mail", caller_id="user", impact="3", urgency="2")
    wrong = [
        (query, found)
        for query, expected in queries(row, world).items()
        if (found := bool(desk.rows("incident", sysparm_query=query))) is not expected
    ]
    assert wrong == []


def test_every_table_and_field_can_be_read_and_ordered_by(world: World, desk: Tool) -> None:
    desk.made(short_description="No e-mail", caller_id="user", business_service="email")
    for name, table in TABLES.items():
        assert desk("GET", f"now/table/{name}", sysparm_display_value="all").status_code == 200, name
        for field in table.fields:
            for query in (
                f"ORDERBYDESC{field}",
                f"{field}ISEMPTY",
                f"{field}=1",
                f"{field}LIKEx",
                f"{field}>1",
            ):
                answer = desk("GET", f"now/table/{name}", sysparm_query=query, sysparm_limit=2)
                assert answer.status_code == 200, (name, query, answer.content)


def test_bad_requests_are_told_precisely(desk: Tool) -> None:
    unknown = desk("GET", "now/table/nothing")
    assert (unknown.status_code, unknown.json()["error"]["message"]) == (400, "Invalid table nothing")
    for number in ("many", "-1", "0" * 12 + "9" * 20):
        assert desk("GET", "now/table/incident", sysparm_limit=number).status_code == 400
        assert desk("GET", "now/table/incident", sysparm_offset=number).status_code == 400
    assert desk("POST", "now/table/incident", b"{").status_code == 400
    assert desk("POST", "now/table/incident", [1]).status_code == 400
    assert desk("GET", "now/table/incident/nothing").status_code == 404
    assert desk("GET", "now/nothing").status_code == 400
    assert desk("POST", "now/table/sys_user", {"name": "x"}).status_code == 403
    long = desk("GET", "now/table/incident", sysparm_query="number=" + "x" * 9000)
    assert (long.status_code, long["Content-Type"]) == (414, "text/html")


def test_levels_that_read_alike_are_left_as_they_are(world: World, desk: Tool) -> None:
    row = desk.made(short_description="No e-mail", impact="3")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        Incident.objects.filter(record__number=row["number"]).update(impact=4)
    answer = desk.change(row["sys_id"], impact="3", short_description="Still")
    assert answer.json()["result"]["impact"] == "3"
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Incident.objects.get(record__number=row["number"]).impact == 4
