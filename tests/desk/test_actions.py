"""Working an incident from the desk: steps change it, refusals and conflicts lose nothing that was typed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from incidents.public import close, comment, detail_of, get_incident, pend, resolve, take
from records.models import Record
from records.public import attachments_of, comments_of, links_of, steps_of, watchers_of, work_notes_of
from tenancy.engine.scope import tenant_scope
from tests.desk.visits import log_in, raise_some
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

FIRST = "INC0000001"


@pytest.fixture
def world() -> World:
    """One tenant with everything an incident needs."""
    return build_world()


def bring_to(world: World, state: str) -> Record:
    """An incident in a state."""
    [record] = raise_some(world, 1)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        common: dict[str, Any] = {"record": record, "actor": world.actor(world.agent), "at": timezone.now()}
        if state != "new":
            take(**common)
        if state == "pending_requester":
            pend(waiting_for="requester", comment="Which office?", **common)
        if state in ("resolved", "closed"):
            resolve(resolution_code="fixed", resolution="Restarted", **common)
        if state == "closed":
            close(**common)
    return record


def now_of(world: World, number: str = FIRST) -> Record:
    """The incident as it is."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return get_incident(world.actor(world.agent), number)


STEPS: tuple[tuple[str, str, dict[str, str], str], ...] = (
    ("new", "take", {}, "in_progress"),
    ("new", "start", {}, "in_progress"),
    ("new", "assign", {"support_group": "network", "assignee": "engineer@defra.example"}, "assigned"),
    ("in_progress", "pend_requester", {"comment": "Which office?"}, "pending_requester"),
    (
        "in_progress",
        "pend_provider",
        {"reason": "Router on order", "until_day": "1", "until_month": "12", "until_year": "2027"},
        "pending_provider",
    ),
    ("in_progress", "pend_change", {"reason": "Patch on Friday"}, "pending_change"),
    ("pending_requester", "resume", {"work_note": "They rang"}, "in_progress"),
    ("in_progress", "resolve", {"resolution_code": "fixed", "resolution": "Restarted"}, "resolved"),
    ("resolved", "reopen", {"comment": "It is back"}, "assigned"),
    ("resolved", "close", {}, "closed"),
    ("new", "cancel", {"reason": "Raised twice"}, "cancelled"),
)


@pytest.mark.parametrize(("state", "action", "given", "target"), STEPS)
def test_each_step_has_a_form_and_changes_the_state(
    world: World, state: str, action: str, given: dict[str, str], target: str
) -> None:
    record = bring_to(world, state)
    agent = log_in(world.agent)
    path = f"/desk/incidents/{FIRST}/{action}/"
    assert agent.get(path).status_code == 200
    assert now_of(world).state == state
    answer = agent.post(path, given | {"version": record.version})
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/incidents/{FIRST}/")
    assert now_of(world).state == target


@pytest.mark.parametrize(
    ("action", "given", "field"),
    [
        (
            "assign",
            {"support_group": "network", "assignee": "agent@defra.example", "work_note": "Kept text"},
            "assignee",
        ),
        ("pend_requester", {"comment": ""}, "comment"),
        (
            "pend_change",
            {"reason": "Kept text", "until_day": "31", "until_month": "12", "until_year": "9999"},
            "until",
        ),
        ("resolve", {"resolution_code": "", "resolution": "Kept text"}, "resolution_code"),
        ("cancel", {"reason": " "}, "reason"),
        ("classify", {"title": "", "description": "Kept text", "impact": "2", "urgency": "2"}, "title"),
        ("classify", {"title": "Kept text", "impact": "2", "urgency": "2", "priority": "1"}, "reason"),
        ("comment", {"body": ""}, "body"),
        ("comment", {"body": "Kept text" * 5000}, "body"),
        ("link", {"type": "relates_to", "target": "INC0009999"}, "target"),
        ("link", {"type": "relates_to", "target": FIRST}, "target"),
        ("attach", {"file": SimpleUploadedFile("run.exe", b"MZ")}, "file"),
    ],
)
def test_a_refused_form_names_the_field_keeps_the_text_and_changes_nothing(
    world: World, action: str, given: dict[str, Any], field: str
) -> None:
    record = bring_to(world, "in_progress")
    answer = log_in(world.agent).post(
        f"/desk/incidents/{FIRST}/{action}/", given | {"version": record.version}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert field in answer.context["form"].errors
    # A date's error leads to the first of its boxes.
    assert f'href="#id_{field}' in page
    assert "<title>Error: " in page
    assert ("Kept text" in page) == any("Kept text" in str(value) for value in given.values())
    assert now_of(world).version == record.version


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("comment", {"body": "Try it again now"}),
        ("note", {"body": "Try it again now"}),
        ("classify", {"title": "Try it again now", "impact": "1", "urgency": "1"}),
        ("resolve", {"resolution_code": "fixed", "resolution": "Try it again now"}),
    ],
)
def test_a_conflict_shows_what_the_others_did_and_the_text_can_be_sent_again(
    world: World, action: str, given: dict[str, str]
) -> None:
    record = bring_to(world, "in_progress")
    seen = record.version
    with tenant_scope(world.tenant.pk, actor="system:test"):
        comment(
            record=record, body="I replied first", actor=world.actor(world.administrator), at=timezone.now()
        )
    agent, path = log_in(world.agent), f"/desk/incidents/{FIRST}/{action}/"
    answer = agent.post(path, given | {"version": seen})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "What the others did" in page
    assert "Administrator" in page
    assert "Try it again now" in page
    assert now_of(world).version == seen + 1
    form = answer.context["form"]
    assert form["version"].value() == str(seen + 1)
    again = agent.post(path, given | {"version": form["version"].value()})
    assert again.status_code == 302
    assert now_of(world).version == seen + 2


def test_a_step_that_is_no_longer_possible_says_so_and_shows_what_was_typed(world: World) -> None:
    record = bring_to(world, "in_progress")
    seen = record.version
    with tenant_scope(world.tenant.pk, actor="system:test"):
        resolve(
            record=record,
            resolution_code="fixed",
            resolution="Done already",
            actor=world.actor(world.administrator),
            at=timezone.now(),
        )
    answer = log_in(world.agent).post(
        f"/desk/incidents/{FIRST}/resolve/",
        {"resolution_code": "fixed", "resolution": "My own words", "version": seen},
    )
    assert answer.status_code == 409
    assert "My own words" in answer.content.decode()
    assert f'action="/desk/incidents/{FIRST}/resolve/"' not in answer.content.decode()


def test_a_step_that_does_not_lead_on_is_a_conflict_before_anything_is_typed(world: World) -> None:
    bring_to(world, "closed")
    assert log_in(world.agent).get(f"/desk/incidents/{FIRST}/resolve/").status_code == 409
    assert log_in(world.agent).get(f"/desk/incidents/{FIRST}/explode/").status_code == 404


def test_a_supplier_that_no_longer_holds_it_sees_the_steps_refused_with_the_reason(world: World) -> None:
    [record] = raise_some(world, 1, support_group="network")
    desk = log_in(world.agent)
    desk.post(
        f"/desk/incidents/{FIRST}/assign/", {"support_group": "service-desk", "version": record.version}
    )
    engineer = log_in(world.engineer)
    page = engineer.get(f"/desk/incidents/{FIRST}/")
    assert "Your organisation does not hold this incident now." in page.content.decode()
    assert {step.name for step in page.context["refused_steps"]} >= {"take", "assign", "resolve"}
    refused = engineer.post(f"/desk/incidents/{FIRST}/take/", {"version": now_of(world).version})
    assert refused.status_code == 422
    assert now_of(world).assignee_id is None


def test_who_lacks_the_permission_is_told_the_role(world: World) -> None:
    raise_some(world, 1, support_group="network")
    engineer = log_in(world.engineer)
    refused = engineer.get(f"/desk/incidents/{FIRST}/cancel/")
    assert refused.status_code == 403
    assert "Service desk agent" in refused.content.decode()


def test_classifying_changes_only_what_was_altered(world: World) -> None:
    [record] = raise_some(world, 1, description="One line\nand another")
    agent = log_in(world.agent)
    typed = "One line\r\nand another"
    form = {"title": record.title, "description": typed, "service": "email", "category": ""}
    agent.post(
        f"/desk/incidents/{FIRST}/classify/",
        form | {"impact": "1", "urgency": "1", "version": record.version},
    )
    changed = now_of(world)
    assert (changed.priority, changed.title) == (1, record.title)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert set(steps_of(record.pk)[-1].facts) == {"impact", "urgency", "priority"}
    agent.post(
        f"/desk/incidents/{FIRST}/classify/",
        form
        | {"impact": "1", "urgency": "1", "priority": "5", "reason": "A test", "version": changed.version},
    )
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert (now_of(world).priority, detail_of(changed).is_priority_overridden) == (5, True)
    page = agent.get(f"/desk/incidents/{FIRST}/").content.decode()
    assert "set by hand; impact and urgency would make it 1" in page
    agent.post(
        f"/desk/incidents/{FIRST}/classify/",
        form | {"impact": "1", "urgency": "1", "priority": "", "version": now_of(world).version},
    )
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert (now_of(world).priority, detail_of(changed).is_priority_overridden) == (1, False)
        assert set(steps_of(record.pk)[-1].facts) == {"priority", "priority_set_by"}


def test_words_files_links_and_watching(world: World) -> None:
    first, second = raise_some(world, 2)
    agent = log_in(world.agent)

    def post(action: str, **given: Any) -> None:
        answer = agent.post(f"/desk/incidents/{FIRST}/{action}/", {"version": now_of(world).version} | given)
        assert answer.status_code == 302

    post("comment", body="For the requester")
    post("note", body="For colleagues")
    post("attach", file=SimpleUploadedFile("trace.log", b"line one\n"), is_internal="on")
    post("link", type="relates_to", target=second.number)
    post("watch")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        actor = world.actor(world.agent)
        assert [row.body for row in comments_of(first)] == ["For the requester"]
        assert [row.body for row in work_notes_of(actor, first)] == ["For colleagues"]
        assert [(row.name, row.is_internal) for row in attachments_of(actor, first)] == [("trace.log", True)]
        assert [linked.record.number for linked in links_of(actor, first)] == [second.number]
        assert [row.membership_id for row in watchers_of(first)] == [world.agent.pk]
        attachment = attachments_of(actor, first)[0]
    page = agent.get(f"/desk/incidents/{FIRST}/").content.decode()
    assert "Being checked" in page
    path = f"/desk/incidents/{FIRST}/files/{attachment.pk}/"
    assert agent.get(path).status_code == 404
    with tenant_scope(world.tenant.pk, actor="system:test"):
        type(attachment).objects.filter(pk=attachment.pk).update(status="clean")
    file = agent.get(path)
    assert file.getvalue() == b"line one\n"
    assert file["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file["Content-Security-Policy"]
    post("unwatch")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert watchers_of(first) == []


def test_a_step_returns_to_the_page_it_came_from_and_nowhere_else(world: World) -> None:
    record = bring_to(world, "new")
    agent = log_in(world.agent)
    back = f"/desk/incidents/?view=all&sel={FIRST}"
    answer = agent.post(f"/desk/incidents/{FIRST}/take/", {"version": record.version, "next": back})
    assert answer["Location"] == back
    answer = agent.post(
        f"/desk/incidents/{FIRST}/comment/",
        {"version": record.version + 1, "body": "Hello", "next": "https://elsewhere.example/"},
    )
    assert answer["Location"] == f"/desk/incidents/{FIRST}/"


def test_assigning_offers_the_members_of_the_chosen_group(world: World) -> None:
    bring_to(world, "new")
    agent, path = log_in(world.agent), f"/desk/incidents/{FIRST}/assign/"
    assert "agent@defra.example" in agent.get(path).content.decode()
    assert "engineer@defra.example" in agent.get(path, {"support_group": "network"}).content.decode()
    asked = agent.post(
        path, {"support_group": "network", "work_note": "Kept", "version": "1", "show_members": "1"}
    )
    assert asked.status_code == 200
    assert "engineer@defra.example" in asked.content.decode()
    assert "Kept" in asked.content.decode()
    assert now_of(world).state == "new"


def test_many_are_changed_at_once_and_refusals_say_why(world: World) -> None:
    records = raise_some(world, 4)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        actor, later = world.actor(world.administrator), timezone.now() + timedelta(minutes=1)
        comment(
            record=get_incident(actor, records[3].number), body="Changed meanwhile", actor=actor, at=later
        )
    agent = log_in(world.agent)
    ticked = [f"{record.number}:1" for record in records] + ["INC0009999:1", "nonsense"]
    answer = agent.post(
        "/desk/incidents/bulk/",
        {"do": "take", "selected": ticked, "next": "/desk/incidents/?view=mine"},
        follow=True,
    )
    page = answer.content.decode()
    assert "3 changed, 2 refused" in page
    assert f"{records[3].number}: The record changed after you read it." in page
    assert "INC0009999: There is no such record." in page
    assert [now_of(world, record.number).state for record in records] == ["in_progress"] * 3 + ["new"]
    answer = agent.post(
        "/desk/incidents/bulk/",
        {"do": "assign", "support_group": "network", "selected": [f"{FIRST}:2"]},
        follow=True,
    )
    assert "1 changed" in answer.content.decode()
    assert now_of(world).support_group_id == world.network_group.pk
    nothing = agent.post("/desk/incidents/bulk/", {"do": "take"}, follow=True)
    assert "Nothing was changed" in nothing.content.decode()


def test_raising_for_somebody_found_by_name(world: World) -> None:
    agent = log_in(world.agent)
    given = {"title": "Screen is dark", "requester": "us", "urgency": "2", "description": "Kept text"}
    found = agent.post("/desk/incidents/new/", given | {"find": "1"})
    assert (found.status_code, world.user.email in found.content.decode()) == (200, True)
    assert "Kept text" in found.content.decode()
    raised = agent.post("/desk/incidents/new/", given | {"chosen": world.user.email, "service": "email"})
    assert raised["Location"] == f"/desk/incidents/{FIRST}/"
    record = now_of(world)
    assert (record.requester_id, record.title) == (world.user.pk, "Screen is dark")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": "", "requester": "user@defra.example"}, "title"),
        ({"title": "x", "requester": "nobody@defra.example"}, "requester"),
        ({"title": "x", "requester": "zz"}, "requester"),
    ],
)
def test_a_report_that_cannot_be_raised_names_the_field(
    world: World, given: dict[str, str], field: str
) -> None:
    answer = log_in(world.agent).post(
        "/desk/incidents/new/", given | {"urgency": "3", "description": "Kept text"}
    )
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Kept text" in answer.content.decode()


def test_a_supplier_raises_for_itself_only(world: World) -> None:
    page = log_in(world.engineer).get("/desk/incidents/new/")
    assert "requester" not in page.context["form"].fields
    log_in(world.engineer).post(
        "/desk/incidents/new/", {"title": "Link down", "urgency": "3", "requester": world.user.email}
    )
    assert now_of(world).requester_id == world.engineer.pk
