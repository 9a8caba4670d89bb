"""Schedules: written by who may, carried out once a month whatever happens, and mailed with their files."""

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from lifecycle.public import ForbiddenError
from notifications.models import Enclosure, Mail
from outbox.models import Message
from reporting.engine.check_codes import grouped
from reporting.engine.months import due_after, month_told
from reporting.engine.questions import Month
from reporting.models import Report, Schedule
from reporting.services.issue import ReportError
from reporting.services.schedules import (
    create_schedule,
    delete_schedule,
    issue_due,
    switch_schedule,
)
from tenancy.engine.scope import platform_scope, tenant_scope
from tests.desk.visits import log_in
from tests.notifications.conftest import MailServer, deliver, mail_server
from tests.support.world import World, build_world

__all__ = ["deliver", "mail_server"]

NOVEMBER_2ND = datetime(2026, 11, 2, 12, tzinfo=UTC)
DUE = datetime(2026, 11, 3, 7, tzinfo=UTC)
READERS = ["minister@cabinet.example", "board@defra.example"]


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        yield built


def _schedule(world: World, **changes: object) -> Schedule:
    given_ = {
        "kind": "sla",
        "provider_id": None,
        "day": 3,
        "hour": 7,
        "recipients": READERS,
        "language": "en-gb",
        "actor": world.actor(world.administrator),
        "at": NOVEMBER_2ND,
    } | changes
    return create_schedule(**given_)  # type: ignore[arg-type]


def test_a_report_is_mailed_once_to_each_reader_with_both_files(
    world: World, mail_server: MailServer, deliver: Callable[[], None]
) -> None:
    schedule = _schedule(world)
    assert schedule.next_at == DUE
    assert issue_due(tenant_id=world.tenant.pk, at=DUE - timedelta(seconds=1)) == 0
    assert issue_due(tenant_id=world.tenant.pk, at=DUE) == 1
    assert issue_due(tenant_id=world.tenant.pk, at=DUE + timedelta(hours=1)) == 0
    deliver()
    deliver()
    report = Report.objects.get()
    assert report.month.isoformat() == "2026-10-01"
    assert sorted(str(mail["To"]) for mail in mail_server.mails) == sorted(READERS)
    for mail in mail_server.mails:
        assert str(mail["Subject"]) == "Monthly SLA report, October 2026"
        files = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
        assert sorted(map(str, files)) == ["sla-report-2026-10.pdf", "sla-report-2026-10.xlsx"]
        pages = PdfReader(io.BytesIO(files["sla-report-2026-10.pdf"])).pages
        assert grouped(report.check_code) in pages[0].extract_text()
        assert CalamineWorkbook.from_filelike(io.BytesIO(files["sla-report-2026-10.xlsx"])).sheet_names
        body = mail.get_body(("plain",))
        assert body is not None
        assert grouped(report.check_code) in str(body.get_content())
    schedule.refresh_from_db()
    assert schedule.next_at == datetime(2026, 12, 3, 7, tzinfo=UTC)


def test_a_mail_server_that_is_down_gets_the_same_files_later(
    world: World, mail_server: MailServer, deliver: Callable[[], None]
) -> None:
    _schedule(world)
    mail_server.stop()
    issue_due(tenant_id=world.tenant.pk, at=DUE)
    deliver()
    assert set(Mail.objects.values_list("state", flat=True)) == {"failed"}
    kept = {file.name: bytes(file.content) for file in Enclosure.objects.all()}
    mail_server.start()
    deliver()
    assert len(mail_server.mails) == 2
    for mail in mail_server.mails:
        assert {part.get_filename(): part.get_content() for part in mail.iter_attachments()} == kept


def test_without_a_mail_server_the_mails_are_in_the_mailbox(
    world: World, deliver: Callable[[], None]
) -> None:
    _schedule(world)
    issue_due(tenant_id=world.tenant.pk, at=DUE)
    deliver()
    mail = Mail.objects.filter(to_address=READERS[0]).get()
    assert mail.state == "kept"
    client = log_in(world.administrator)
    assert READERS[0] in client.get("/desk/mail/").content.decode()
    body = client.get(f"/desk/mail/{mail.pk}/").content.decode()
    assert "sla-report-2026-10.pdf, sla-report-2026-10.xlsx" in body
    twin = build_world("rivers")
    assert READERS[0] not in log_in(twin.administrator).get("/desk/mail/").content.decode()


def test_two_workers_issue_each_month_once(world: World) -> None:
    for _ in range(3):
        _schedule(world)
    late = datetime(2027, 1, 20, tzinfo=UTC)
    barrier = Barrier(2)

    def work() -> int:
        try:
            with tenant_scope(world.tenant.pk, actor="system:test"):
                barrier.wait()
                return issue_due(tenant_id=world.tenant.pk, at=late)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = [each.result() for each in [pool.submit(work), pool.submit(work)]]
    # November, December and January were missed, and are told of month by month.
    assert sum(done) == 9
    told = list(Report.objects.values_list("schedule", "month"))
    assert len(told) == len(set(told)) == 9
    with platform_scope("worker"):
        assert Message.objects.filter(kind="report.issued").count() == 9


class KilledError(Exception):
    """The process is gone before it could commit."""


def _issue_and_die(world: World) -> None:
    with transaction.atomic():
        assert issue_due(tenant_id=world.tenant.pk, at=DUE) == 1
        raise KilledError


def test_a_crash_after_issuing_leaves_nothing_and_the_next_run_does_it(
    world: World, mail_server: MailServer, deliver: Callable[[], None]
) -> None:
    _schedule(world)
    with pytest.raises(KilledError):
        _issue_and_die(world)
    deliver()
    assert not Report.objects.exists()
    assert mail_server.mails == []
    assert issue_due(tenant_id=world.tenant.pk, at=DUE) == 1
    deliver()
    assert Report.objects.count() == 1
    assert len(mail_server.mails) == 2


def test_one_that_fails_holds_up_no_other(world: World) -> None:
    bad, good = _schedule(world), _schedule(world)
    Schedule.objects.filter(pk=bad.pk).update(kind="supplier", next_at=DUE - timedelta(days=1))
    assert issue_due(tenant_id=world.tenant.pk, at=DUE) == 1
    assert Report.objects.get().schedule == good.pk


def test_switched_off_it_waits_and_on_again_it_skips_what_was_missed(world: World) -> None:
    schedule, chief = _schedule(world), world.actor(world.administrator)
    switch_schedule(schedule_id=schedule.pk, is_enabled=False, actor=chief, at=NOVEMBER_2ND)
    later = DUE + timedelta(days=80)
    assert issue_due(tenant_id=world.tenant.pk, at=later) == 0
    again = switch_schedule(schedule_id=schedule.pk, is_enabled=True, actor=chief, at=later)
    assert again.next_at > later
    assert issue_due(tenant_id=world.tenant.pk, at=later) == 0
    delete_schedule(schedule_id=schedule.pk, actor=chief)
    assert not Schedule.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": 29}, "day"),
        ({"hour": 24}, "hour"),
        ({"recipients": []}, "recipients"),
        ({"recipients": ["minister@cabinet.example", "nobody"]}, "recipients"),
        ({"recipients": ["a@b.example\nBcc: c@d.example"]}, "recipients"),
        ({"kind": "supplier"}, "provider"),
        ({"language": "xx"}, "language"),
    ],
)
def test_nonsense_is_refused_by_field(world: World, changes: dict[str, object], field: str) -> None:
    with pytest.raises(ReportError) as error:
        _schedule(world, **changes)
    assert list(error.value.fields) == [field]


def test_the_pages_write_switch_and_delete(world: World) -> None:
    client = log_in(world.administrator)
    typed = {
        "kind": "supplier",
        "provider": str(world.supplier.pk),
        "day": "3",
        "hour": "7",
        "language": "en-gb",
        "recipients": "minister@cabinet.example\nnobody",
    }
    page = client.post("/reports/schedules/new/", typed)
    assert page.status_code == 422
    assert "“nobody” is not an e-mail address." in page.content.decode()
    assert "minister@cabinet.example" in page.content.decode()
    page = client.post("/reports/schedules/new/", typed | {"recipients": READERS[0]}, follow=True)
    assert "Network Co" in page.content.decode()
    address = f"/reports/schedules/{Schedule.objects.get().pk}/"
    assert "The schedule is off." in client.post(address, {"step": "off"}, follow=True).content.decode()
    assert "The schedule is on." in client.post(address, {"step": "on"}, follow=True).content.decode()
    for member in (world.engineer, world.agent, world.user):
        other = log_in(member)
        assert other.get("/reports/schedules/").status_code == 403
        assert other.post(address, {"step": "off"}).status_code == 403
        assert other.post(f"{address}delete/").status_code == 403
    twin = build_world("rivers")
    assert log_in(twin.administrator).post(f"{address}delete/").status_code == 404
    client.post(f"{address}delete/")
    assert not Schedule.objects.exists()


def test_suppliers_schedule_nothing(world: World) -> None:
    with pytest.raises(ForbiddenError):
        _schedule(world, actor=world.actor(world.engineer))


@given(
    days=st.integers(0, 6000),
    second=st.integers(0, 86_399),
    day=st.integers(1, 28),
    hour=st.integers(0, 23),
    zone=st.sampled_from(["Europe/London", "UTC", "America/New_York", "Pacific/Auckland"]),
)
def test_each_month_is_due_once_and_told_of_once(
    days: int, second: int, day: int, hour: int, zone: str
) -> None:
    after = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=days, seconds=second)
    told = []
    for _ in range(14):
        due = due_after(after, day=day, hour=hour, zone=zone)
        assert due > after
        local = due.astimezone(ZoneInfo(zone))
        assert local.day == day
        assert local.hour == hour or (local.hour - hour) % 24 == 1  # the clocks skipped it
        told.append(month_told(due, zone=zone))
        after = due
    assert told == [told[0].plus(number) for number in range(14)]
    assert isinstance(told[0], Month)
