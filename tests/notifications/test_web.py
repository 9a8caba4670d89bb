import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents.public import Report, raise_incident
from notifications.models import Mail
from notifications.web.views import PAGE_LENGTH
from people.models import Membership, Person, Role
from records.models import Record
from tenancy.engine.scope import tenant_scope
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def mail(world: World) -> Mail:
    return _mail(world, 1)


@pytest.fixture
def client(world: World) -> Client:
    """The administrator's browser."""
    return _browser(world, world.administrator)


def _browser(world: World, member: Membership) -> Client:
    client = Client(HTTP_HOST=world.tenant.host)
    client.force_login(Person.objects.get(pk=member.person_id))
    return client


def _mail(world: World, number: int) -> Mail:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        record = Record.objects.first() or raise_incident(
            report=Report(title="Mail is slow"), actor=world.actor(world.user, "portal"), at=MONDAY_TEN
        )
        return Mail.objects.create(
            record=record,
            recipient=world.user,
            outbox_message=number,
            to_address=world.user.email,
            to_name=world.user.name,
            letter="comment",
            subject=f"[{record.number}] New reply {number}",
            text="First line\n<script>alert(1)</script>",
            html="<!DOCTYPE html><p style='color: red'>First line</p>",
            message_id=f"<{number}@{world.tenant.host}>",
            thread_id=f"<{record.pk}@{world.tenant.host}>",
            language="en-gb",
            state="kept",
            created_at=MONDAY_TEN + timedelta(minutes=number),
        )


def test_administrator_reads_the_mailbox(client: Client, mail: Mail) -> None:
    listed = client.get("/desk/mail/")
    assert listed.status_code == 200
    assert f"/desk/mail/{mail.pk}/" in listed.content.decode()
    shown = client.get(f"/desk/mail/{mail.pk}/").content.decode()
    assert "user@defra.example" in shown
    assert "&lt;script&gt;" in shown
    assert "no mail server is configured" in shown


def test_html_is_shown_in_a_sandbox(client: Client, mail: Mail) -> None:
    document = client.get(f"/desk/mail/{mail.pk}/html/")
    assert document.content.decode() == mail.html
    policy = document.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy


def test_empty_mailbox_says_so(client: Client) -> None:
    assert "No mail yet" in client.get("/desk/mail/").content.decode()


def test_pages_lead_on_and_back(client: Client, world: World) -> None:
    for number in range(PAGE_LENGTH + 3):
        _mail(world, number)
    first = client.get("/desk/mail/")
    assert first.context["newer_url"] == ""
    second = client.get(f"/desk/mail/{first.context['older_url']}")
    assert [mail.outbox_message for mail in second.context["mails"]] == [2, 1, 0]
    back = client.get(f"/desk/mail/{second.context['newer_url']}")
    assert [mail.pk for mail in back.context["mails"]] == [mail.pk for mail in first.context["mails"]]
    assert client.get("/desk/mail/?cursor=nonsense").status_code == 200


def test_list_costs_the_same_however_long(client: Client, world: World) -> None:
    _mail(world, 1)
    client.get("/desk/mail/")
    with CaptureQueriesContext(connection) as few:
        client.get("/desk/mail/")
    for number in range(2, 40):
        _mail(world, number)
    with CaptureQueriesContext(connection) as many:
        client.get("/desk/mail/")
    assert len(many) == len(few) <= BUDGET["notifications:mailbox"]


@pytest.mark.parametrize("name", ["user", "agent", "engineer"])
def test_mailbox_is_for_administrators(world: World, mail: Mail, name: str) -> None:
    client = _browser(world, getattr(world, name))
    for address in ("/desk/mail/", f"/desk/mail/{mail.pk}/", f"/desk/mail/{mail.pk}/html/"):
        assert client.get(address).status_code == 403


def test_supplier_never_reads_it_whatever_its_role_says(world: World, mail: Mail) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        role = Role.objects.get(code="resolver")
        Role.objects.filter(pk=role.pk).update(permissions=[*role.permissions, "mail:read"])
    assert _browser(world, world.engineer).get(f"/desk/mail/{mail.pk}/").status_code == 403


def test_whoever_is_not_logged_in_is_sent_to_log_in(world: World, mail: Mail) -> None:
    answer = Client(HTTP_HOST=world.tenant.host).get(f"/desk/mail/{mail.pk}/")
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/account/login/")


def test_mail_of_another_tenant_does_not_exist(mail: Mail) -> None:
    twin = build_world("nhs")
    client = _browser(twin, twin.administrator)
    assert client.get(f"/desk/mail/{mail.pk}/").status_code == 404
    assert client.get(f"/desk/mail/{mail.pk}/html/").status_code == 404
    assert client.get(f"/desk/mail/{uuid4()}/").status_code == 404
    assert "New reply" not in client.get("/desk/mail/").content.decode()


def test_mail_about_a_restricted_record_leaves_no_trace(client: Client, world: World, mail: Mail) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert mail.record_id
        Record.objects.filter(pk=mail.record_id).update(is_restricted=True)
    assert client.get(f"/desk/mail/{mail.pk}/").status_code == 404
    assert "New reply" not in client.get("/desk/mail/").content.decode()
