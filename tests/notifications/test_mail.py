from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from incidents.public import (
    Report,
    assign,
    cancel,
    close,
    comment,
    confirm,
    note,
    pend,
    raise_incident,
    reopen,
    resolve,
    resume,
    take,
)
from notifications.models import Mail
from people.models import Person
from people.public import Actor
from records.models import Record
from records.public import watch
from tenancy.engine.scope import tenant_scope
from tests.notifications.conftest import Deliver, MailServer, html_of, text_of
from tests.notifications.scene import (
    AGENT,
    DESK_BOX,
    ENGINEER,
    MONDAY_TEN,
    NETWORK_BOX,
    OTHER,
    USER,
    after,
    reported,
    world_with_mailboxes,
)
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

SECRET = "xylophone-work-note"


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


@pytest.fixture
def user(world: World) -> Actor:
    return world.actor(world.user, "portal")


@pytest.mark.usefixtures("record")
def test_report_is_confirmed_with_number_and_promise_and_the_group_hears_of_it(
    mail_server: MailServer, deliver: Deliver
) -> None:
    deliver()
    assert mail_server.subjects(USER) == ["[INC0000001] We have received your report: Mail is slow"]
    assert mail_server.subjects(DESK_BOX) == ["[INC0000001] New in the group: Mail is slow"]
    assert len(mail_server.mails) == 2
    confirmation = mail_server.to(USER)[0]
    assert "INC0000001" in text_of(confirmation)
    assert "We aim to have it fixed by 17 November 2026 at 10am." in text_of(confirmation)
    assert "http://defra.localhost:8000/records/INC0000001/" in text_of(confirmation)
    assert "http://defra.localhost:8000/desk/incidents/INC0000001/" in text_of(mail_server.to(DESK_BOX)[0])
    assert 'href="http://defra.localhost:8000/records/INC0000001/"' in html_of(confirmation)


def test_headers_make_a_thread_and_stop_machines_from_answering(
    mail_server: MailServer, deliver: Deliver, record: Record, agent: Actor
) -> None:
    comment(record=record, body="Which office?", actor=agent, at=after(5))
    deliver()
    first, second = mail_server.to(USER)
    root = f"<{record.pk}@defra.localhost>"
    for mail in (first, second):
        assert (mail["References"], mail["In-Reply-To"]) == (root, root)
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["Message-ID"].strip().startswith(f"<{record.pk}.")
        assert mail["Message-ID"].endswith("@defra.localhost>")
        assert str(mail["From"]) == "Defra <service-desk@unity-desk.example>"
        assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert first["Message-ID"] != second["Message-ID"]
    stored = list(Mail.objects.filter(to_address=USER).order_by("id").values_list("message_id", flat=True))
    assert stored == [first["Message-ID"].strip(), second["Message-ID"].strip()]


def test_reply_of_an_agent_goes_to_requester_affected_and_watcher_but_not_to_its_author(
    world: World, mail_server: MailServer, deliver: Deliver, agent: Actor
) -> None:
    record = raise_incident(
        report=Report(title="Mail is slow", requester=USER, affected_user=OTHER), actor=agent, at=MONDAY_TEN
    )
    watch(record=record, membership_id=world.agent.pk, actor=agent, at=after(1))
    watch(record=record, membership_id=world.administrator.pk, actor=agent, at=after(2))
    deliver()
    mail_server.clear()
    comment(record=record, body="Restarting now", actor=agent, at=after(3))
    deliver()
    readers = sorted(str(mail["To"]).split("<")[1].strip(">") for mail in mail_server.mails)
    assert readers == ["administrator@defra.example", OTHER, USER]
    assert all("Restarting now" in text_of(mail) for mail in mail_server.mails)


def test_reply_of_the_requester_goes_to_the_assignee_else_to_the_group(
    mail_server: MailServer, deliver: Deliver, record: Record, agent: Actor, user: Actor
) -> None:
    deliver()
    mail_server.clear()
    comment(record=record, body="It got worse", actor=user, at=after(1))
    deliver()
    assert mail_server.subjects(DESK_BOX) == ["[INC0000001] Reply from the user: Mail is slow"]
    take(record=record, actor=agent, at=after(2))
    comment(record=record, body="Even worse", actor=user, at=after(3))
    deliver()
    assert mail_server.subjects(AGENT) == ["[INC0000001] Reply from the user: Mail is slow"]
    assert "Even worse" in text_of(mail_server.to(AGENT)[0])
    assert len(mail_server.mails) == 2, "nobody is told of what they wrote or took themselves"


def test_question_solution_reopening_and_closure_reach_the_requester(
    mail_server: MailServer, deliver: Deliver, record: Record, agent: Actor, user: Actor
) -> None:
    take(record=record, actor=agent, at=after(1))
    deliver()
    mail_server.clear()
    pend(record=record, waiting_for="requester", comment="Which office?", actor=agent, at=after(2))
    resume(record=record, comment="Never mind, found it", actor=agent, at=after(3))
    resolve(
        record=record, resolution_code="fixed", resolution="Restarted the relay", actor=agent, at=after(4)
    )
    reopen(record=record, comment="Still slow", actor=user, at=after(5))
    resolve(record=record, resolution_code="fixed", resolution="Moved the mailbox", actor=agent, at=after(6))
    close(record=record, actor=agent, at=after(7))
    deliver()
    prefix = "[INC0000001] "
    assert mail_server.subjects(USER) == [
        f"{prefix}We need an answer from you: Mail is slow",
        f"{prefix}New reply: Mail is slow",
        f"{prefix}We think this is fixed: Mail is slow",
        f"{prefix}Reopened: Mail is slow",
        f"{prefix}We think this is fixed: Mail is slow",
        f"{prefix}Closed: Mail is slow",
    ]
    assert mail_server.subjects(AGENT) == [f"{prefix}Not fixed: Mail is slow"]
    question, said, solution = (text_of(mail) for mail in mail_server.to(USER)[:3])
    assert "Which office?" in question
    assert "Never mind, found it" in said
    assert "Restarted the relay" in solution
    assert "It's fixed" in solution
    assert "after 5 working days" in solution


def test_what_the_requester_ends_alone_is_not_mailed_back(
    mail_server: MailServer, deliver: Deliver, record: Record, agent: Actor, user: Actor
) -> None:
    resolve(record=record, resolution_code="fixed", resolution="Restarted", actor=agent, at=after(1))
    confirm(record=record, actor=user, at=after(2))
    again = raise_incident(report=Report(title="Printer"), actor=user, at=after(3))
    cancel(record=again, reason="found the switch", actor=user, at=after(4))
    deliver()
    assert not [
        subject for subject in mail_server.subjects(USER) if "Closed" in subject or "Cancel" in subject
    ]


def test_cancelled_by_someone_else_is_told_without_the_internal_reason(
    mail_server: MailServer, deliver: Deliver, record: Record, agent: Actor
) -> None:
    cancel(record=record, reason="requester is a nuisance", actor=agent, at=after(1))
    deliver()
    mail = mail_server.to(USER)[-1]
    assert mail["Subject"] == "[INC0000001] Cancelled: Mail is slow"
    assert "nuisance" not in mail.as_string()


def test_assignee_hears_of_it_from_others_and_the_group_only_while_nobody_owns_it(
    mail_server: MailServer, deliver: Deliver, record: Record, agent: Actor
) -> None:
    deliver()
    mail_server.clear()
    assign(record=record, support_group="network", actor=agent, at=after(1))
    deliver()
    assign(record=record, support_group="network", assignee=ENGINEER, actor=agent, at=after(2))
    deliver()
    assert mail_server.subjects(NETWORK_BOX) == ["[INC0000001] New in the group: Mail is slow"]
    assert mail_server.subjects(ENGINEER) == ["[INC0000001] Assigned to you: Mail is slow"]
    assert "Agent assigned INC0000001 to you." in text_of(mail_server.to(ENGINEER)[0])
    assert len(mail_server.mails) == 2


def test_news_that_later_steps_have_overtaken_is_not_told(
    mail_server: MailServer, deliver: Deliver, record: Record, agent: Actor
) -> None:
    assign(record=record, support_group="network", assignee=ENGINEER, actor=agent, at=after(1))
    assign(record=record, support_group="service-desk", actor=agent, at=after(2))
    take(record=record, actor=agent, at=after(3))
    deliver()
    assert mail_server.subjects(USER) == ["[INC0000001] We have received your report: Mail is slow"]
    assert len(mail_server.mails) == 1


def test_no_work_note_reaches_anyone_by_mail(
    mail_server: MailServer, deliver: Deliver, record: Record, agent: Actor, user: Actor
) -> None:
    assign(record=record, support_group="network", work_note=f"{SECRET} 1", actor=agent, at=after(1))
    note(record=record, body=f"{SECRET} 2", actor=agent, at=after(2))
    pend(record=record, waiting_for="provider", reason=f"{SECRET} 3", actor=agent, at=after(3))
    resume(record=record, comment="Back", work_note=f"{SECRET} 4", actor=agent, at=after(4))
    resolve(record=record, resolution_code="fixed", resolution="Done", actor=agent, at=after(5))
    reopen(record=record, comment="No", actor=user, at=after(6))
    cancel(record=record, reason=f"{SECRET} 5", actor=agent, at=after(7))
    deliver()
    assert len(mail_server.mails) >= 7
    assert not [mail["Subject"] for mail in mail_server.mails if SECRET in f"{text_of(mail)}{html_of(mail)}"]
    assert not Mail.objects.filter(text__contains=SECRET).exists()


def test_three_quarters_and_breach_are_told_to_whoever_works_it(
    mail_server: MailServer, deliver: Deliver, record: Record, agent: Actor
) -> None:
    deliver()
    mail_server.clear()
    _tell(record, "clock.warned", 50)
    _tell(record, "clock.warned", 75)
    deliver()
    take(record=record, actor=agent, at=after(61))
    _tell(record, "clock.breached", 100)
    deliver()
    assert mail_server.subjects(DESK_BOX) == [
        "[INC0000001] 75% of the resolution time is used (SLA): Mail is slow"
    ]
    assert mail_server.subjects(AGENT) == ["[INC0000001] The resolution target is missed (SLA): Mail is slow"]
    assert "It is due on 17 November 2026 at 10am." in text_of(mail_server.to(DESK_BOX)[0])
    assert len(mail_server.mails) == 2


def test_stale_warning_warns_of_nothing(
    mail_server: MailServer, deliver: Deliver, record: Record, agent: Actor
) -> None:
    _tell(record, "clock.warned", 75)
    resolve(record=record, resolution_code="fixed", resolution="Done", actor=agent, at=after(1))
    deliver()
    assert not [mail for mail in mail_server.mails if "75%" in str(mail["Subject"])]


def _tell(record: Record, kind: str, percent: int) -> None:
    """What the sweep writes; a breach is told at its due instant."""
    at = MONDAY_TEN + timedelta(hours=24) if percent == 100 else after(60)
    payload = f'{{"kind": "sla", "metric": "resolution", "code": "resolution-rest", "percent": {percent}}}'
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT outbox_publish(%s, %s, %s::jsonb, %s, ARRAY['mail'])", [kind, record.pk, payload, at]
        )


def test_welsh_reader_is_written_to_in_welsh_and_in_their_own_time(
    world: World, mail_server: MailServer, deliver: Deliver, user: Actor
) -> None:
    Person.objects.filter(pk=world.user.person_id).update(language="cy", time_zone="Asia/Tokyo")
    raise_incident(report=Report(title="Mail is slow", service="email"), actor=user, at=MONDAY_TEN)
    deliver()
    mail = mail_server.to(USER)[0]
    assert mail["Subject"] == "[INC0000001] Rydym wedi cael eich adroddiad: Mail is slow"
    assert mail["Content-Language"] == "cy"
    assert 'lang="cy"' in html_of(mail)
    assert "7pm" in text_of(mail), "10am in London is 7pm in Tokyo"
    assert "New in the group" in mail_server.subjects(DESK_BOX)[0]


def test_markup_in_what_people_type_stays_text(
    mail_server: MailServer, deliver: Deliver, user: Actor, agent: Actor
) -> None:
    record = raise_incident(
        report=Report(title="<b>Mail</b>\r\nBcc: evil@example.org"), actor=user, at=MONDAY_TEN
    )
    comment(record=record, body="<script>alert(1)</script>\nA & B", actor=agent, at=after(1))
    deliver()
    received, reply = mail_server.to(USER)
    assert received["Bcc"] is None
    assert (
        received["Subject"] == "[INC0000001] We have received your report: <b>Mail</b> Bcc: evil@example.org"
    )
    assert "<script>" not in html_of(reply)
    assert "&lt;script&gt;" in html_of(reply)
    assert "<script>alert(1)</script>\nA & B" in text_of(reply).replace("\r\n", "\n")


def test_restricted_record_is_mailed_to_those_who_may_see_it_only(
    mail_server: MailServer, deliver: Deliver, record: Record, world: World
) -> None:
    Record.objects.filter(pk=record.pk).update(is_restricted=True, assignee=world.administrator.pk)
    deliver()
    assert mail_server.subjects(USER) == []
    _tell(record, "clock.warned", 75)
    deliver()
    assert mail_server.to("administrator@defra.example") == [], "the assignee is not in the record's group"


def test_whoever_left_hears_nothing(
    mail_server: MailServer, deliver: Deliver, record: Record, world: World, agent: Actor
) -> None:
    deliver()
    mail_server.clear()
    type(world.user).objects.filter(pk=world.user.pk).update(is_active=False)
    comment(record=record, body="On it", actor=agent, at=after(1))
    deliver()
    assert mail_server.mails == []


def test_other_tenant_gets_nothing(
    mail_server: MailServer, deliver: Deliver, record: Record, agent: Actor
) -> None:
    twin = build_world("nhs")
    with tenant_scope(twin.tenant.pk, actor="system:test"):
        raise_incident(report=Report(title="Twin"), actor=twin.actor(twin.user, "portal"), at=MONDAY_TEN)
    comment(record=record, body="Only for Defra", actor=agent, at=after(1))
    deliver()
    assert mail_server.subjects("@nhs.example") == ["[INC0000001] We have received your report: Twin"]
    with tenant_scope(twin.tenant.pk, actor="system:test"):
        assert [mail.to_address for mail in Mail.objects.all()] == ["user@nhs.example"]
