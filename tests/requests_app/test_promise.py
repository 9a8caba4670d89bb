"""When it is ready is said before it is ordered: the slowest chain of its plan, in everybody's working time."""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.engine import CalendarSpec, working_time
from catalogue.engine.forms import read_form
from catalogue.engine.plans import read_plan
from catalogue.public import offering_version
from notifications.models import Mail
from records.models import Record
from requests_app.engine.promise import Timed, ready_at
from requests_app.models import Request
from requests_app.queries.promises import promised_for, promised_for_offer
from requests_app.services.order import Wanted, place_order
from tenancy.engine.scope import tenant_scope
from tests.calendars.oracle import MINUTE, instant
from tests.calendars.strategies import calendars_and_days
from tests.portal.visitor import text_of, visitor
from tests.requests_app.fulfilment import MONDAY_TEN, begin, deliver, task
from tests.requests_app.promise_oracle import Job, done_at
from tests.requests_app.test_api import caller
from tests.sla.parts import Workshop
from tests.support.offers import offer
from tests.support.world import World, build_world

FORM = {
    "pages": [
        {
            "code": "p",
            "title": {"en": "P", "cy": "P"},
            "fields": [{"code": "big", "type": "yes_no", "label": {"en": "Big?", "cy": "Mawr?"}}],
        }
    ]
}
MINUTES = 8 * 1440


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[dict[str, Any]], dict[str, CalendarSpec], int]:
    """Tasks after some of those before them, the calendars they name, and a start near a change of the clocks."""
    spec, day = draw(calendars_and_days())
    calendars = {"a": spec, "b": draw(calendars_and_days())[0]}
    found = []
    for number in range(draw(st.integers(1, 7))):
        earlier = [f"t{each}" for each in range(number)]
        after = draw(st.lists(st.sampled_from(earlier), unique=True, max_size=3)) if earlier else []
        written = task(f"t{number}", *after)
        kind = draw(st.sampled_from(["calendar", "calendar", "every day", "action"]))
        if kind == "action":
            written["action"] = {"run": "x"}
        else:
            written["takes"] = f"PT{draw(st.integers(1, 900))}M"
        if kind == "calendar":
            written["calendar"] = draw(st.sampled_from(["a", "b"]))
        if draw(st.booleans()):
            written["when"] = {"field": "big", "is": draw(st.booleans())}
        found.append(written)
    start = instant(f"{day - timedelta(days=1)} 12:00", spec.zone) + draw(st.integers(0, 2000)) * MINUTE
    return draw(st.permutations(found)), calendars, start


@settings(max_examples=120, deadline=None)
@given(plans(), st.booleans())
def test_a_plan_is_ready_when_everybody_working_minute_by_minute_is(
    drawn: tuple[list[dict[str, Any]], dict[str, CalendarSpec], int], big: bool
) -> None:
    written, calendars, start = drawn
    plan = read_plan({"tasks": written}, read_form(FORM))
    found = ready_at(
        [
            Timed(
                each.code,
                each.after,
                each.seconds or 0,
                working_time(calendars[each.calendar]) if each.calendar else None,
            )
            for each in plan.chosen({"big": big})
        ],
        start,
    )
    jobs = [
        Job(each["code"], tuple(each["after"]), 0)
        if "when" in each and each["when"]["is"] is not big
        else Job(
            each["code"],
            tuple(each["after"]),
            int(each.get("takes", "PT0M")[2:-1]),
            each.get("calendar", ""),
        )
        for each in written
    ]
    slow = done_at(jobs, calendars, start=start, minutes=MINUTES)
    if slow is None:
        assert found is None or found > start + MINUTES * MINUTE
    else:
        assert found == slow


FRIDAY_FOUR = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
CASES: dict[str, tuple[list[dict[str, Any]], datetime | None]] = {
    "working time goes round the weekend": (
        [task("a", takes="PT2H", calendar="office")],
        datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
    ),
    "without a calendar every hour counts": (
        [task("a", takes="PT2H")],
        datetime(2026, 11, 20, 18, 0, tzinfo=UTC),
    ),
    "the slowest chain decides": (
        [task("a", takes="PT1H"), task("b", takes="PT30M"), task("c", "a", "b", takes="PT1H")],
        datetime(2026, 11, 20, 18, 0, tzinfo=UTC),
    ),
    "a part takes what its contract says": (
        [task("a", component="line")],
        datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
    ),
    "what runs by itself takes no time": (
        [task("a", action={"run": "test.mark"}), task("b", "a", takes="PT1H")],
        datetime(2026, 11, 20, 17, 0, tzinfo=UTC),
    ),
    "what only runs by itself promises nothing": ([task("a", action={"run": "test.mark"})], None),
    "a person's task without a time": ([task("a", takes="PT1H"), task("b")], None),
    "a part that no contract promises": ([task("a", component="spare")], None),
    "no plan": ([], None),
}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A tenant with two components, one of them under a contract of four office hours, and an action."""
    monkeypatch.setattr("requests_app.services.plan_gate.find_action", lambda _: TestAction)
    made = build_world()
    with tenant_scope(made.tenant.pk, actor="system:test"):
        workshop = Workshop(made, made.actor(made.administrator))
        workshop.component("line", fulfilment=4)
        workshop.component("spare")
    return made


class TestAction:
    """An action that takes nothing."""

    __test__ = False
    parameters: ClassVar[dict[str, str]] = {}


def offered(world: World, code: str, tasks: list[dict[str, Any]], **parts: Any) -> Any:
    """The version of an offering with these tasks."""
    chief = world.actor(world.administrator)
    at = MONDAY_TEN - timedelta(days=1)
    offer(code, service=world.service, actor=chief, at=at, plan={"tasks": tasks} if tasks else None, **parts)
    return offering_version(code, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES)
def test_the_day_that_is_promised(world: World, case: str) -> None:
    tasks, promised = CASES[case]
    with tenant_scope(world.tenant.pk, actor="system:test"):
        version = offered(world, "thing", tasks)
        assert promised_for([(version, {})], FRIDAY_FOUR) == [promised]
        # What is said is kept with the request, whoever orders.
        for member in (world.user, world.engineer):
            (record,) = place_order(
                wanted=[Wanted(offering="thing")], actor=world.actor(member, "portal"), at=FRIDAY_FOUR
            ).records
            assert Request.objects.get(pk=record.pk).promised_at == promised


@pytest.mark.django_db
def test_answers_make_it_sooner_and_the_offer_says_the_latest(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        tasks = [task("a", takes="PT1H"), task("b", "a", takes="PT5H", when={"field": "big", "is": True})]
        version = offered(world, "thing", tasks, form=FORM)
        small, big = promised_for([(version, {"big": False}), (version, {"big": True})], FRIDAY_FOUR)
        assert (small, big) == (FRIDAY_FOUR + timedelta(hours=1), FRIDAY_FOUR + timedelta(hours=6))
        said = promised_for_offer(version, FRIDAY_FOUR)
        assert said is not None
        assert (said.at, said.is_latest) == (big, True)


@pytest.mark.django_db
def test_many_lines_take_as_many_reads_as_few(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        versions = [
            offered(world, f"thing-{each}", [task("a", component="line"), task("b", takes="PT1H")])
            for each in range(8)
        ]
        counts = []
        # Calendars are kept once read.
        promised_for([(versions[0], {})], FRIDAY_FOUR)
        for some in (versions[:1], versions):
            with CaptureQueriesContext(connection) as asked:
                promised_for([(version, {}) for version in some], FRIDAY_FOUR)
            counts.append(len(asked))
        assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_what_has_to_be_approved_is_promised_from_its_beginning_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("requests_app.queries.promises.needs_approval", lambda _: True)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        offered(world, "thing", [task("a", takes="PT2H", calendar="office")])
        (record,) = place_order(
            wanted=[Wanted(offering="thing")], actor=world.actor(world.user, "portal"), at=MONDAY_TEN
        ).records
        assert Request.objects.get(pk=record.pk).promised_at is None
        begin(world, record)
    monkeypatch.setattr("requests_app.tasks.timezone.now", lambda: FRIDAY_FOUR)
    deliver()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Record.objects.get(pk=record.pk).state == "fulfilling"
        promised = Request.objects.get(pk=record.pk).promised_at
        assert promised == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_the_mail_says_it_too(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        offered(world, "thing", [task("a", takes="PT2H", calendar="office")])
        place_order(
            wanted=[Wanted(offering="thing")], actor=world.actor(world.user, "portal"), at=FRIDAY_FOUR
        )
    deliver()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        texts = list(Mail.objects.filter(to_address=world.user.email).values_list("text", flat=True))
    assert any("We aim to have it done by 23 November 2026 at 10am." in text for text in texts)


@pytest.mark.django_db
def test_every_door_says_it_before_and_after(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        offered(world, "thing", [task("a", takes="PT2H")])
    client, api = visitor(world.user), caller(world, "user")
    assert "Ready by" in text_of(client.get("/request/thing/"))
    client.post("/request/thing/start/")
    assert "Ready by" in text_of(client.get("/basket/"))
    assert "if you order it now" in text_of(client.get("/basket/check/"))
    basket = api.get("/api/v1/basket/").json()
    assert basket["lines"][0]["promised_at"]
    done = client.post("/basket/check/", {"version": basket["version"]})
    assert "We aim to have it ready by" in text_of(client.get(done.headers["Location"]))
    with tenant_scope(world.tenant.pk, actor="system:test"):
        request = Request.objects.select_related("record", "order").get()
    promised = request.promised_at
    assert promised is not None
    assert timedelta(hours=2) <= promised - request.order.ordered_at < timedelta(hours=2, seconds=1)
    assert "We aim to have it ready by" in text_of(client.get(f"/records/{request.record.number}/"))
    stored = api.get(f"/api/v1/requests/{request.record.number}/").json()
    assert datetime.fromisoformat(stored["promised_at"]) == promised
