"""Reporting a problem, from the first page to the confirmation, without JavaScript."""

import threading
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.utils import timezone

from catalogue.models import Service
from incidents.public import detail_of
from people.models import Role
from portal.models import Draft, DraftFile
from portal.services.drafts import FILES_MAX
from portal.tasks import forget_old_drafts
from records.models import Attachment, Record, RecordPerson
from tenancy.engine.scope import tenant_scope
from tests.portal.visitor import DETAILS, SERVICE, WHAT, fill, now_of, screenshot, text_of, visitor
from tests.support.world import World, build_world


@pytest.fixture
def world(db: None) -> World:
    """One tenant with people, a service and its promises."""
    return build_world()


def test_the_whole_journey(world: World) -> None:
    browser = visitor(world.user)
    details = fill(browser, upto="service")
    assert urlsplit(details).path == "/report/details/"
    kept = browser.post(details, {"upload": "1", "attachments": screenshot(), **DETAILS})
    assert kept["Location"] == details
    page = text_of(browser.get(details))
    assert "screen.png" in page
    checking = browser.post(details, DETAILS)["Location"]
    assert urlsplit(checking).path == "/report/check/"
    page = text_of(browser.get(checking))
    for answer in (
        "Outlook will not open",
        "&lt;at once&gt;",
        "E-mail",
        "A team",
        "screen.png",
        "0113 496 0000",
    ):
        assert answer in page
    done = browser.post(checking)
    assert done["Location"] == "/report/done/INC0000001/"
    page = text_of(browser.get(done["Location"]))
    assert "INC0000001" in page
    assert "We aim to fix it by" in page
    record = now_of(world, "INC0000001")
    assert (record.title, record.requester_id, record.priority) == ("Outlook will not open", world.user.pk, 4)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert (detail_of(record).impact, detail_of(record).urgency, detail_of(record).channel) == (
            3,
            3,
            "portal",
        )
        assert detail_of(record).contact == "By phone, on 0113 496 0000"
        assert [file.name for file in Attachment.objects.filter(record=record)] == ["screen.png"]
        assert not DraftFile.objects.exists()
        assert Draft.objects.get().answers == {}


def test_sending_twice_makes_one_incident(world: World) -> None:
    browser = visitor(world.user)
    checking = fill(browser)
    first, second = browser.post(checking), browser.post(checking)
    assert first["Location"] == second["Location"] == "/report/done/INC0000001/"
    assert browser.get(checking)["Location"] == "/report/done/INC0000001/"
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Record.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sending_twice_at_once_makes_one_incident_with_its_files_once() -> None:
    world = build_world()
    browser = visitor(world.user)
    details = fill(browser, upto="service")
    browser.post(details, {"upload": "1", "attachments": [screenshot("a.png"), screenshot("b.png")]})
    checking = browser.post(details, DETAILS)["Location"]
    together, answers = threading.Barrier(4), []

    def send() -> None:
        other = Client()
        other.cookies = browser.cookies
        try:
            together.wait()
            answers.append(other.post(checking)["Location"])
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["/report/done/INC0000001/"] * 4
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Record.objects.count() == 1
        assert sorted(Attachment.objects.values_list("name", flat=True)) == ["a.png", "b.png"]


def test_two_tabs_do_not_mix(world: World) -> None:
    browser = visitor(world.user)
    one = fill(browser, what={"title": "First", "description": "One"})
    two = fill(browser, what={"title": "Second", "description": "Two"})
    assert one != two
    assert browser.post(two)["Location"].endswith("INC0000001/")
    assert browser.post(one)["Location"].endswith("INC0000002/")
    assert [now_of(world, f"INC000000{count}").title for count in (1, 2)] == ["Second", "First"]


@pytest.mark.parametrize(
    ("answered", "asked", "first_missing"),
    [
        ("what", "details", "who"),
        ("what", "check", "who"),
        ("who", "check", "service"),
        ("service", "check", "details"),
    ],
)
def test_a_missing_page_is_asked_first(world: World, answered: str, asked: str, first_missing: str) -> None:
    browser = visitor(world.user)
    journey = urlsplit(fill(browser, upto=answered)).query
    assert browser.get(f"/report/{asked}/?{journey}")["Location"] == f"/report/{first_missing}/?{journey}"
    assert (
        browser.post(f"/report/{asked}/?{journey}", SERVICE)["Location"]
        == f"/report/{first_missing}/?{journey}"
    )


@pytest.mark.parametrize("step", ["who", "service", "details", "check"])
@pytest.mark.parametrize(
    "journey", ["", "?journey=nonsense", "?journey=01a204df-6718-7bd1-84c3-c85ae35df6d1"]
)
def test_a_journey_that_is_not_begins_at_the_beginning(world: World, step: str, journey: str) -> None:
    browser = visitor(world.user)
    assert browser.get(f"/report/{step}/{journey}")["Location"] == "/report/"
    assert browser.post(f"/report/{step}/{journey}", WHAT)["Location"] == "/report/"


def test_a_draft_of_somebody_else_is_none(world: World) -> None:
    checking = fill(visitor(world.user))
    other = visitor(world.other_user)
    assert other.get(checking)["Location"] == "/report/"
    assert other.post(checking)["Location"] == "/report/"
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert not Record.objects.exists()


def test_changing_an_answer_leads_back_to_the_check(world: World) -> None:
    browser = visitor(world.user)
    checking = fill(browser)
    journey = urlsplit(checking).query
    page = browser.get(f"/report/?{journey}")
    assert "Outlook will not open" in page.content.decode()
    back = browser.post(f"/report/?{journey}", {"title": "Outlook is slow", "description": "Very"})
    assert back["Location"] == checking
    assert "Outlook is slow" in text_of(browser.get(checking))


@pytest.mark.parametrize(
    ("step", "typed", "complaint", "kept"),
    [
        ("what", {"title": " ", "description": "Typed already"}, "Enter a short summary", "Typed already"),
        ("what", {"title": "Typed", "description": ""}, "Enter what you were doing and what happened", "Typed"),
        ("what", {"title": "x" * 201, "description": "y"}, "200 characters or fewer", "x" * 201),
        ("who", {}, "Select who has the problem", ""),
        ("who", {"who": "other", "email": ""}, "Enter their email address", ""),
        ("who", {"who": "other", "email": "nobody@nowhere"}, "in the correct format", "nobody@nowhere"),
        ("who", {"who": "other", "email": "no@body.example"}, "Nobody here has this email address", "no@body.example"),
        ("service", {"reach": "me", "ability": "can"}, "Select a service", ""),
        ("service", {"service": "email"}, "Select how much they can work", ""),
        ("service", SERVICE | {"service": "payroll"}, "Select a valid choice", ""),
        ("details", {"phone": "12345"}, "Select how we should contact you", "12345"),
        ("details", {"contact_by": "phone"}, "Enter a phone number", ""),
    ],
)  # fmt: skip
def test_a_mistake_is_named_and_nothing_typed_is_lost(
    world: World, step: str, typed: dict[str, str], complaint: str, kept: str
) -> None:
    browser = visitor(world.user)
    before = {"what": "", "who": "what", "service": "who", "details": "service"}[step]
    address = fill(browser, upto=before) if before else "/report/"
    response = browser.post(address, typed)
    html = response.content.decode()
    assert response.status_code == 422
    assert html.count(complaint) >= 2, "in the summary and beside the field"
    assert kept in html
    assert "<title>Error: " in html
    for target in (part.split('"')[0] for part in html.split('href="#id_')[1:]):
        assert f'id="id_{target}"' in html, "a line of the summary leads to its field"


def test_files_are_checked_at_once_and_good_ones_survive_a_mistake(world: World) -> None:
    browser = visitor(world.user)
    details = fill(browser, upto="service")
    response = browser.post(
        details,
        {
            "attachments": [screenshot(), screenshot("evil.exe", b"MZ"), screenshot("no.pdf", b"x")],
            "phone": "7",
        },
    )
    page = text_of(response)
    assert response.status_code == 422
    assert "evil.exe: Files of this type are not accepted" in page
    assert "Files you have added" in page
    assert "screen.png" in page
    with tenant_scope(world.tenant.pk, actor="system:test"):
        kept = DraftFile.objects.get()
    assert default_storage.exists(kept.path)
    gone = browser.post(details, {"remove": str(kept.pk), "phone": "7"})
    assert gone["Location"] == details
    page = browser.get(details).content.decode()
    assert "screen.png" not in page
    assert 'value="7"' in page, "what was typed beside the files is still there"


@pytest.mark.django_db(transaction=True)
def test_a_removed_file_is_removed_from_the_store() -> None:
    world = build_world()
    browser = visitor(world.user)
    details = fill(browser, upto="service")
    browser.post(details, {"upload": "1", "attachments": screenshot()})
    with tenant_scope(world.tenant.pk, actor="system:test"):
        kept = DraftFile.objects.get()
    browser.post(details, {"remove": str(kept.pk)})
    assert not default_storage.exists(kept.path)


def test_only_so_many_files(world: World) -> None:
    browser = visitor(world.user)
    details = fill(browser, upto="service")
    files = [screenshot(f"{count}.png") for count in range(FILES_MAX + 1)]
    response = browser.post(details, {"upload": "1", "attachments": files})
    assert response.status_code == 422
    assert f"You can add up to {FILES_MAX} files" in text_of(response)


def test_an_end_user_names_who_is_affected_but_stays_the_requester(world: World) -> None:
    browser = visitor(world.user)
    checking = fill(browser, who={"who": "other", "email": world.other_user.email})
    browser.post(checking)
    record = now_of(world, "INC0000001")
    assert (record.requester_id, record.affected_user_id) == (world.user.pk, world.other_user.pk)
    assert visitor(world.other_user).get("/records/INC0000001/").status_code == 200


def test_only_those_who_may_report_on_behalf(world: World) -> None:
    browser = visitor(world.user)
    address = fill(browser, upto="what")
    assert "they will answer questions" not in text_of(browser.get(address))
    assert browser.post(address, {"who": "behalf", "email": world.other_user.email}).status_code == 422
    agent = visitor(world.agent)
    checking = fill(agent, who={"who": "behalf", "email": world.other_user.email})
    done = agent.post(checking)["Location"]
    assert agent.get(done).status_code == 200
    record = now_of(world, "INC0000001")
    assert record.requester_id == world.other_user.pk
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert RecordPerson.objects.filter(record=record, membership=world.agent, reason="watcher").exists()


def test_a_supplier_reports_as_a_user_of_services(world: World) -> None:
    browser = visitor(world.engineer)
    done = browser.post(fill(browser))["Location"]
    assert browser.get(done).status_code == 200
    assert "Outlook will not open" in text_of(browser.get("/"))


def test_a_service_that_went_meanwhile_is_asked_again(world: World) -> None:
    browser = visitor(world.user)
    checking = fill(browser)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        Service.objects.filter(pk=world.service.pk).update(stage="retired")
    response = browser.post(checking)
    assert response.status_code == 422
    assert "The service you selected is not available any more" in text_of(response)
    assert "/report/service/?journey=" in response.content.decode()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert not Record.objects.exists()


def test_without_knowing_the_service(world: World) -> None:
    browser = visitor(world.user)
    browser.post(fill(browser, service=SERVICE | {"service": "unknown"}))
    assert now_of(world, "INC0000001").service is None


def test_many_services_become_a_list_to_choose_from(world: World) -> None:
    browser = visitor(world.user)
    address = fill(browser, upto="who")
    assert 'type="radio" value="email"' in " ".join(browser.get(address).content.decode().split())
    with tenant_scope(world.tenant.pk, actor="system:test"):
        Service.objects.bulk_create(Service(code=f"s{count}", name=f"S{count}") for count in range(20))
    assert '<option value="email">' in browser.get(address).content.decode()


def test_old_drafts_are_forgotten(world: World) -> None:
    browser = visitor(world.user)
    details = fill(browser, upto="service")
    browser.post(details, {"upload": "1", "attachments": screenshot()})
    fill(browser, upto="what")
    old = UUID(parse_qs(urlsplit(details).query)["journey"][0])
    with tenant_scope(world.tenant.pk, actor="system:test"):
        Draft.objects.filter(pk=old).update(started_at=timezone.now() - timedelta(days=8))
    assert forget_old_drafts() == 1
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Draft.objects.count() == 1
        assert not DraftFile.objects.exists()


def test_nobody_without_the_permission_reports(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        Role.objects.filter(code="end-user").update(permissions=["portal:use", "incident:read"])
    response = visitor(world.user).post("/report/", WHAT)
    assert response.status_code == 403
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert not Draft.objects.exists()
