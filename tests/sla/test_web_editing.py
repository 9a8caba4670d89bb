"""Changing definitions by their pages: typed, looked at, saved; refused beside the field, and never over another's."""

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from calendars.models import Calendar, CalendarVersion
from incidents.public import Report, raise_incident
from sla.models import Clock, Target, TargetVersion
from sla.public import TargetTerms, define_target
from tenancy.engine.scope import tenant_scope
from tests.desk.visits import log_in
from tests.support.world import LONG_AGO, World, build_world

pytestmark = pytest.mark.django_db

WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00-12:00, 13:00-18:00")


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def administrator(world: World) -> Client:
    return log_in(world.administrator)


def start(**span: int) -> dict[str, str]:
    """The start fields of a time from now, on the minute, in the reader's zone."""
    at = (timezone.now() + timedelta(**span)).astimezone(ZoneInfo("Europe/London"))
    return {
        "effective_date_day": str(at.day),
        "effective_date_month": str(at.month),
        "effective_date_year": str(at.year),
        "effective_time": f"{at.hour:02d}:{at.minute:02d}",
    }


def calendar_typed(**fields: str) -> dict[str, str]:
    return {"seen": "1", "zone": "Europe/London", **WEEK, **start(days=1), **fields}


def target_typed(**fields: Any) -> dict[str, Any]:
    return {
        "seen": "1",
        "kind": "sla",
        "metric": "response",
        "duration": "2 days 3 h",
        "calendar": "office",
        "scope_kind": ["incident"],
        "scope_priority": ["1", "2"],
        "scope_service": ["email"],
        "start_on": "opened",
        "stop_on": ["responded:assigned", "resolved"],
        "pause_on": ["pending_requester", "pending"],
        "warn_at": "80, 95",
        "is_cumulative": "yes",
        **start(days=1),
        **fields,
    }


def versions(world: World) -> tuple[int, int]:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return CalendarVersion.objects.count(), TargetVersion.objects.count()


def test_a_calendar_is_looked_at_then_saved(world: World, administrator: Client) -> None:
    typed = calendar_typed(
        region="england-and-wales",
        first_year="2026",
        last_year="2028",
        extra_days="2026-12-29",
        exceptions="2026-12-24: 09:00-12:00\r\n2026-12-31: closed",
    )
    check = administrator.post("/admin/calendars/office/edit/", typed | {"step": "preview"})
    shown = check.content.decode()
    assert check.status_code == 200
    assert "Nothing is saved yet" in shown
    assert "08:00 to 12:00 and 13:00 to 18:00" in shown
    assert versions(world) == (1, 3)
    # What the check page sends on is what was typed.
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', shown))
    assert {name: hidden[name] for name in typed if name != "exceptions"} == {
        name: value for name, value in typed.items() if name != "exceptions"
    }
    saved = administrator.post("/admin/calendars/office/edit/", typed | {"step": "save"})
    assert saved["Location"] == "/admin/calendars/office/"
    with tenant_scope(world.tenant.pk, actor="system:test"):
        newest = CalendarVersion.objects.latest("effective_from")
    assert newest.definition["weekly"]["mon"] == [["08:00", "12:00"], ["13:00", "18:00"]]
    assert {"2026-12-25", "2028-12-25", "2026-12-29"} <= set(newest.definition["holidays"])
    assert newest.definition["exceptions"] == {"2026-12-24": [["09:00", "12:00"]], "2026-12-31": []}
    page = administrator.get("/admin/calendars/office/").content.decode()
    assert "Version 2" in page
    assert world.administrator.name in page
    # The form opens with what was saved, and saving it unchanged says so.
    form = administrator.get("/admin/calendars/office/edit/").content.decode()
    for text in ("08:00-12:00, 13:00-18:00", 'value="2028"', "2026-12-29", "2026-12-24: 09:00-12:00"):
        assert text in form


def test_looking_again_keeps_what_was_typed(world: World, administrator: Client) -> None:
    typed = calendar_typed(mon="10:00-11:00", step="change")
    page = administrator.post("/admin/calendars/office/edit/", typed)
    assert page.status_code == 200
    assert "10:00-11:00" in page.content.decode()
    assert "There is a problem" not in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        (dict.fromkeys(WEEK, ""), "mon", "This week has no open hours"),
        ({"mon": "9-5"}, "mon", "“9-5” is not a stretch of time"),
        ({"mon": "09:00-12:00, 11:00-13:00"}, "mon", "Two intervals overlap"),
        ({"tue": "09:00-09:00"}, "tue", "Starts and ends at the same time"),
        ({"always": "on"}, "mon", "Cannot stand beside always"),
        ({"zone": "Nowhere/Land"}, "zone", "not a known time zone"),
        ({"exceptions": "tomorrow"}, "exceptions", "“tomorrow” is not a day with hours"),
        ({"exceptions": "2026-12-24: 09:00-12:00, 11:00-13:00"}, "exceptions", "Two intervals overlap"),
        ({"extra_days": "2026-02-30"}, "extra_days", "“2026-02-30” is not a day"),
        (
            {"region": "scotland", "first_year": "2027", "last_year": "2026"},
            "last_year",
            "must not lie before",
        ),
        ({"region": "scotland"}, "first_year", "Enter a year"),
        ({"effective_time": "9 o'clock"}, "effective_time", "Time must be like 09:00"),
        ({"effective_date_year": "2014"}, "effective_date_day", "There was nothing here before"),
        ({"effective_date_month": "13"}, "effective_date_day", "Date must be a real date"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_beside_the_field(
    world: World, administrator: Client, fields: dict[str, str], field: str, words: str
) -> None:
    typed, shown = calendar_typed(**fields), ""
    for step in ("preview", "save"):
        page = administrator.post("/admin/calendars/office/edit/", typed | {"step": step})
        shown = page.content.decode()
        assert page.status_code == 422
        assert f'href="#id_{field}"' in shown
        assert words in shown
        assert "Error: " in shown[: shown.index("</title>")]
    for value in fields.values():
        assert value in ("on", "") or value.replace("'", "&#x27;") in shown
    assert versions(world) == (1, 3)


def test_around_the_clock_is_said_not_assumed(world: World, administrator: Client) -> None:
    typed = {name: value for name, value in calendar_typed().items() if name not in WEEK}
    refused = administrator.post("/admin/calendars/office/edit/", typed | {"step": "save"})
    assert refused.status_code == 422
    saved = administrator.post("/admin/calendars/office/edit/", typed | {"step": "save", "always": "on"})
    assert saved.status_code == 302
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert CalendarVersion.objects.latest("effective_from").definition == {
            "zone": "Europe/London",
            "always": True,
        }


def test_a_new_calendar_and_a_new_target_for_it(world: World, administrator: Client) -> None:
    typed = calendar_typed(name="Early hours", code="early")
    assert administrator.post("/admin/calendars/new/", typed | {"step": "preview"}).status_code == 200
    made = administrator.post("/admin/calendars/new/", typed | {"step": "save"})
    assert made["Location"] == "/admin/calendars/early/"
    again = administrator.post("/admin/calendars/new/", typed | {"step": "save"})
    assert again.status_code == 422
    assert "There is a calendar with the code early already" in again.content.decode()
    target = target_typed(name="Early response", code="early-response", calendar="early")
    check = administrator.post("/admin/targets/new/", target | {"step": "preview"})
    # Nine open hours a day here: 2 days 3 h are 21 h.
    assert "21 hours of open time" in check.content.decode()
    made = administrator.post("/admin/targets/new/", target | {"step": "save"})
    assert made["Location"] == "/admin/targets/early-response/"
    with tenant_scope(world.tenant.pk, actor="system:test"):
        row = TargetVersion.objects.get(target__code="early-response")
        assert (row.duration, row.warn_at) == (21 * 3600, [80, 95])
        assert row.scope == {"kind": ["incident"], "priority": [1, 2], "service": [str(world.service.pk)]}
        assert set(row.pause_on) == {"pending_requester", "pending"}
    assert administrator.get("/admin/targets/early-response/").status_code == 200


def test_both_doors_come_to_the_same(world: World, administrator: Client) -> None:
    typed = target_typed(name="By page", code="by-page")
    assert administrator.post("/admin/targets/new/", typed | {"step": "save"}).status_code == 302
    with tenant_scope(world.tenant.pk, actor="system:test"):
        page = TargetVersion.objects.get(target__code="by-page")
    body = {
        "code": "by-api",
        "name": "By API",
        "kind": "sla",
        "metric": "response",
        "duration_seconds": page.duration,
        "calendar": "office",
        "scope": {"kind": ["incident"], "priority": [1, 2], "service": ["email"]},
        "start_on": "opened",
        "stop_on": ["responded:assigned", "resolved"],
        "pause_on": ["pending_requester", "pending"],
        "warn_at": [80, 95],
        "is_cumulative": True,
        "effective_from": page.effective_from.isoformat(),
    }
    answer = administrator.post("/api/v1/targets/", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    with tenant_scope(world.tenant.pk, actor="system:test"):
        rows = TargetVersion.objects.filter(target__code__in=["by-page", "by-api"])
        one, other = (
            {name: sorted(value) if isinstance(value, list) else value for name, value in row.items()}
            for row in rows.values()
        )
    for row in (one, other):
        del row["id"], row["target_id"]
    assert one == other


def test_a_target_is_changed_and_retired(world: World, administrator: Client) -> None:
    typed = target_typed(duration="90 min")
    check = administrator.post("/admin/targets/response/edit/", typed | {"step": "preview"})
    assert "1 hour 30 minutes of open time" in check.content.decode()
    saved = administrator.post("/admin/targets/response/edit/", typed | {"step": "save"})
    assert saved.status_code == 302
    retired = administrator.post(
        "/admin/targets/response/retire/", {"seen": "2", "step": "save", **start(days=3)}
    )
    assert retired.status_code == 302
    page = administrator.get("/admin/targets/response/").content.decode()
    assert "Version 3" in page
    assert "It applies to nothing from then on" in page
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert [row.is_retired for row in TargetVersion.objects.filter(target__code="response")].count(
            True
        ) == 1


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"duration": "soon"}, "duration", "is not a time such as 4h"),
        ({"duration": "0h"}, "duration", "more than nothing"),
        ({"duration": "4 weeks"}, "duration", "is not days, hours, minutes or seconds"),
        ({"calendar": ""}, "calendar", "Select calendar"),
        ({"stop_on": []}, "stop_on", "Must name what stops the clock"),
        ({"warn_at": "150"}, "warn_at", "Give numbers from 1 to 99"),
    ],
)
def test_a_target_that_cannot_be_is_refused_beside_the_field(
    world: World, administrator: Client, fields: dict[str, Any], field: str, words: str
) -> None:
    page = administrator.post("/admin/targets/response/edit/", target_typed(**fields) | {"step": "preview"})
    shown = page.content.decode()
    assert page.status_code == 422
    assert f'href="#id_{field}"' in shown
    assert words in shown
    assert versions(world) == (1, 3)


def test_days_of_a_calendar_with_uneven_days_say_nothing(world: World, administrator: Client) -> None:
    uneven = calendar_typed(name="Uneven", code="uneven", fri="09:00-12:00")
    assert administrator.post("/admin/calendars/new/", uneven | {"step": "save"}).status_code == 302
    page = administrator.post(
        "/admin/targets/response/edit/", target_typed(calendar="uneven", step="preview")
    )
    assert page.status_code == 422
    assert "give the time in hours" in page.content.decode()


def test_the_second_of_two_sees_both(world: World, administrator: Client) -> None:
    first = target_typed(duration="1h")
    assert administrator.post("/admin/targets/response/edit/", first | {"step": "save"}).status_code == 302
    second = target_typed(duration="5h", **start(days=2))
    for step in ("preview", "save"):
        page = administrator.post("/admin/targets/response/edit/", second | {"step": step})
        shown = page.content.decode()
        assert page.status_code == 409
        assert "Somebody changed this while you were editing" in shown
        assert re.search(r"app-conflict__yours[^>]*>5h", shown)
        assert re.search(r"app-conflict__theirs[^>]*>1h", shown)
        assert 'name="seen" value="2"' in shown
    assert versions(world) == (1, 4)
    # Going on from there is possible: the form carries the version that was shown.
    saved = administrator.post("/admin/targets/response/edit/", second | {"step": "save", "seen": "2"})
    assert saved.status_code == 302


def test_a_preview_shows_open_records_and_touches_none(world: World, administrator: Client) -> None:
    opened = timezone.now() - timedelta(days=4)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        record = raise_incident(report=Report(title="x"), actor=agent, at=opened)
        stored = list(Clock.objects.order_by("pk").values())
    typed = target_typed(duration="30 min", scope_priority=[], scope_service=[], **start(days=-4, minutes=1))
    calm = administrator.post("/admin/targets/response/edit/", typed | {"step": "preview"})
    assert "No open record changes" in calm.content.decode()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        later = raise_incident(report=Report(title="y"), actor=agent, at=opened + timedelta(minutes=5))
        stored = list(Clock.objects.order_by("pk").values())
    shown = administrator.post("/admin/targets/response/edit/", typed | {"step": "preview"}).content.decode()
    assert "1 open record would come due" in shown
    assert f"/desk/incidents/{later.number}/" in shown
    assert record.number not in shown
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert list(Clock.objects.order_by("pk").values()) == stored
    assert versions(world) == (1, 3)


def test_other_terms_of_a_target_stay(world: World, administrator: Client) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        terms = TargetTerms(
            kind="sla",
            metric="response",
            duration=60,
            calendar=Calendar.objects.get(),
            scope={"origin": ["history"]},
        )
        define_target(code="imported", name="Imported", terms=terms, effective_from=LONG_AGO)
    saved = administrator.post("/admin/targets/imported/edit/", target_typed(step="save"))
    assert saved.status_code == 302
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert TargetVersion.objects.filter(target__code="imported").latest("effective_from").scope[
            "origin"
        ] == ["history"]


def test_a_code_that_is_a_page_is_not_given_away(world: World, administrator: Client) -> None:
    page = administrator.post("/admin/calendars/new/", calendar_typed(name="New", code="new", step="save"))
    assert page.status_code == 422
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert not Calendar.objects.filter(code="new").exists()
        assert not Target.objects.filter(code="new").exists()
