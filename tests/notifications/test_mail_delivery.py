from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from incidents.public import comment
from notifications.models import Mail
from notifications.services.send_mail import CLAIM_LIFE, MailNotSentError, mail_about
from outbox.models import Message
from outbox.public import Delivered
from people.public import Actor
from records.models import Record
from tenancy.engine.scope import platform_scope
from tests.notifications.conftest import Deliver, MailServer
from tests.notifications.scene import DESK_BOX, USER, after, reported, world_with_mailboxes
from tests.support.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    with world_with_mailboxes() as built:
        yield built


@pytest.fixture
def agent(world: World) -> Actor:
    return world.actor(world.agent)


@pytest.fixture
def record(world: World) -> Record:
    return reported(world)


def message_of(kind: str) -> Delivered:
    """The newest message of a kind, as the dispatcher hands it over."""
    with platform_scope("worker"):
        row = Message.objects.filter(kind=kind).latest("id")
    return Delivered(row.tenant_id, row.pk, row.kind, row.record_id, row.payload, row.at)


@pytest.mark.usefixtures("record")
def test_redelivered_message_mails_nobody_twice(mail_server: MailServer, deliver: Deliver) -> None:
    deliver()
    assert len(mail_server.mails) == 2
    message = message_of("incident.opened")
    mail_about(message)
    mail_about(message)
    assert len(mail_server.mails) == 2
    assert Mail.objects.count() == 2
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}


def test_mail_server_down_then_up(
    mail_server: MailServer, deliver: Deliver, record: Record, agent: Actor
) -> None:
    mail_server.stop()
    comment(record=record, body="On it", actor=agent, at=after(1))
    deliver()
    assert {mail.state for mail in Mail.objects.all()} == {"failed"}
    assert "cannot be reached" in _delivery_errors()[0]
    mail_server.start()
    deliver()
    assert mail_server.subjects(USER) == [
        "[INC0000001] We have received your report: Mail is slow",
        "[INC0000001] New reply: Mail is slow",
    ]
    assert {mail.state for mail in Mail.objects.all()} == {"sent"}


@pytest.mark.usefixtures("record")
def test_only_those_who_got_nothing_are_mailed_again(mail_server: MailServer, deliver: Deliver) -> None:
    mail_server.refused_addresses[DESK_BOX] = "451 try again later"
    deliver()
    assert [str(mail["To"]) for mail in mail_server.mails] == ["User <user@defra.example>"]
    assert Mail.objects.get(to_address=DESK_BOX).state == "failed"
    mail_server.refused_addresses.clear()
    deliver()
    assert len(mail_server.to(USER)) == 1
    assert len(mail_server.to(DESK_BOX)) == 1


def test_address_refused_for_good_does_not_hold_up_the_record(
    mail_server: MailServer, deliver: Deliver, record: Record, agent: Actor
) -> None:
    mail_server.refused_addresses[USER] = "550 no such person"
    comment(record=record, body="On it", actor=agent, at=after(1))
    deliver()
    assert _delivery_errors() == []
    assert {mail.state for mail in Mail.objects.filter(to_address=USER)} == {"refused"}
    assert "550" in Mail.objects.filter(to_address=USER)[0].error


@pytest.mark.usefixtures("record")
def test_mail_that_another_process_is_sending_is_left_to_it_until_it_is_gone(
    mail_server: MailServer, deliver: Deliver
) -> None:
    mail_server.answer_to_data = "451 busy"
    deliver()
    mail_server.answer_to_data = "250 OK"
    message = message_of("incident.opened")
    now = Mail.objects.latest("created_at").created_at
    Mail.objects.update(state="sending", claimed_at=now)
    with pytest.raises(MailNotSentError):
        mail_about(message)
    assert mail_server.mails == []
    Mail.objects.update(claimed_at=now - CLAIM_LIFE - timedelta(seconds=1))
    mail_about(message)
    assert len(mail_server.mails) == 2


@pytest.mark.usefixtures("record")
def test_without_a_mail_server_mail_is_kept(settings: Settings, deliver: Deliver) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAIL_IS_SENT = False
    deliver()
    assert {mail.state for mail in Mail.objects.all()} == {"kept"}
    assert _delivery_errors() == []


def _delivery_errors() -> list[str]:
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute("SELECT error FROM outbox_delivery WHERE status <> 'done' AND error <> '' ORDER BY id")
        return [row[0] for row in cursor.fetchall()]
