"""Figures follow what happens, add up, and are rebuilt the same."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, product

import pytest
from django.db import connection, connections, transaction

from incidents.public import cancel, pend, reopen
from outbox.public import Delivered
from people.public import create_organisation
from records.models import Record
from reporting.engine.boards import BOARDS
from reporting.engine.dimensions import COLUMNS, DIMENSIONS
from reporting.engine.measures import MEASURES
from reporting.engine.questions import Month, Question, QuestionError
from reporting.models import Cell, Fact, Grain
from reporting.queries.boards import fill
from reporting.queries.figures import Figure, answer
from reporting.services.follow import follow_all
from reporting.services.rebuild import check, rebuild, rebuild_totals
from reporting.services.refresh import refresh_records
from sla.public import record_keys
from tenancy.engine.scope import Scope, enter_scope, tenant_scope
from tests.reporting.lives import MONDAY_TEN, passed_on, resolved_after
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

FRIDAY = MONDAY_TEN + timedelta(days=4)
NOVEMBER = Question(Month(2026, 11), Month(2026, 11))

_FINEST = ("measure", "period", *COLUMNS.values())


@pytest.fixture
def world() -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        yield built


def _refresh(now: datetime = FRIDAY) -> None:
    for keys in record_keys(page=100):
        refresh_records(keys=keys, now=now)


def _sum(measure: str, question: Question = NOVEMBER) -> int:
    return answer(question, measures=[measure]).total(measure).amount


def _wrong(now: datetime = FRIDAY) -> int:
    return sum(page.wrong for page in check(now=now))


def test_a_promise_kept_and_a_promise_broken(world: World) -> None:
    resolved_after(world, hours=2)
    resolved_after(world, hours=30)
    _refresh()
    assert (_sum("sla.resolution.met"), _sum("sla.resolution.breached")) == (1, 1)
    assert (_sum("sla.response.met"), _sum("sla.response.breached")) == (2, 0)
    assert (_sum("records.opened"), _sum("records.resolved"), _sum("live.open")) == (2, 2, 0)


def test_custody_of_resolved_records_adds_up_to_their_life(world: World) -> None:
    resolved_after(world, hours=2, hold_minutes=15)
    _refresh()
    held = answer(NOVEMBER, measures=["custody.group"], by="provider")
    assert held.total("custody.group", value=str(world.desk_provider.pk)).amount == 15 * 60
    assert held.total("custody.group", value=str(world.supplier.pk)).amount == 105 * 60
    assert held.total("custody.group").amount == 2 * 3600


def test_reopening_takes_back_what_resolution_counted(world: World) -> None:
    record = resolved_after(world, hours=2)
    _refresh()
    assert (_sum("records.resolved"), _sum("flow.hops")) == (1, 1)
    reopen(record=record, comment="No.", actor=world.actor(world.user), at=MONDAY_TEN + timedelta(hours=3))
    _refresh(MONDAY_TEN + timedelta(hours=3))
    assert (_sum("records.resolved"), _sum("sla.resolution.met"), _sum("flow.hops")) == (0, 0, 0)
    assert _sum("live.open") == 1
    assert not Cell.objects.filter(amount=0, ruled=0).exists()


def test_a_breach_counts_in_the_month_in_which_it_fell_due(world: World) -> None:
    """Opened on the last afternoon of October, due in November, resolved in December."""
    opened = datetime(2026, 10, 30, 16, 0, tzinfo=UTC)
    resolved_after(world, hours=24 * 40, at=opened)
    _refresh(datetime(2026, 12, 20, tzinfo=UTC))
    found = answer(
        Question(Month(2026, 10), Month(2026, 12)), measures=["sla.resolution.breached", "records.opened"]
    )
    assert found.total("sla.resolution.breached", period=date(2026, 11, 1)).amount == 1
    assert found.total("sla.resolution.breached").amount == 1
    assert found.total("records.opened", period=date(2026, 10, 1)).amount == 1


def test_months_are_the_tenants_own(world: World) -> None:
    """The last half hour of July in UTC is the first of August in London."""
    passed_on(world, at=datetime(2026, 7, 31, 23, 30, tzinfo=UTC))
    _refresh(datetime(2026, 8, 3, tzinfo=UTC))
    assert [row.period for row in Fact.objects.filter(measure="records.opened")] == [date(2026, 8, 1)]


def test_what_is_open_is_due_until_it_is_late(world: World) -> None:
    passed_on(world)
    _refresh(MONDAY_TEN + timedelta(hours=1))
    assert (_sum("live.due"), _sum("live.breached"), _sum("sla.resolution.breached")) == (1, 0, 0)
    _refresh(FRIDAY)
    assert (_sum("live.due"), _sum("live.breached"), _sum("sla.resolution.breached")) == (0, 1, 1)


def test_a_restricted_record_leaves_no_trace(world: World) -> None:
    record = resolved_after(world, hours=2)
    _refresh()
    Record.objects.filter(pk=record.pk).update(is_restricted=True)
    _refresh()
    assert not Fact.objects.exists()
    assert not Cell.objects.exists()


def test_a_parent_is_the_sum_of_its_units(world: World) -> None:
    """Two units below the agency, one record each, one of the agency itself."""
    resolved_after(world, hours=2)
    resolved_after(world, hours=3, requester=world.agent.email)
    _refresh()
    filled = fill(BOARDS["workload"], NOVEMBER, by="organisation", now=FRIDAY)
    volume = filled.tables[0]
    opened = {row.label: (row.depth, row.values[0].measured) for row in volume.rows}
    assert opened == {"Group": (0, 2), "Agency": (1, 1)}
    assert volume.total.values[0].measured == sum(
        row.values[0].measured or 0 for row in volume.rows if not row.depth
    )


@pytest.mark.usefixtures("world")
def test_no_data_says_so() -> None:
    filled = fill(BOARDS["sla"], NOVEMBER, by="service", now=FRIDAY)
    assert [table.is_empty for table in filled.tables] == [True]
    rate = filled.tables[0].total.values[2]
    assert (rate.measured, rate.ruled) == (None, None)


def test_totals_and_facts_answer_alike_whatever_is_asked(world: World) -> None:
    """Every breakdown under every pair of filters: kept totals, summed facts and a plain loop agree."""
    other = create_organisation(code="other", name="Other")
    for hours, requester in product((1, 2, 30), (world.user.email, world.agent.email)):
        resolved_after(world, hours=hours, requester=requester)
    passed_on(world)
    _refresh()
    measures = sorted(MEASURES)
    facts = list(Fact.objects.all())

    def value(fact: Fact, name: str) -> str:
        found = getattr(fact, "provider_id" if name == "provider" else name)
        return "" if found is None else str(found)

    values = {name: sorted({value(fact, name) for fact in facts}) for name in DIMENSIONS}
    values["organisation"].append(str(other.pk))
    asked = 0
    for size in range(4):
        for names in combinations(DIMENSIONS, size):
            for chosen in product(*(values[name][:2] for name in names)):
                question = Question(
                    NOVEMBER.start,
                    NOVEMBER.end,
                    {name: (each,) for name, each in zip(names, chosen, strict=True)},
                )
                for by in (None, "service", "provider"):
                    found = answer(question, measures=measures, by=by)
                    for measure in ("sla.resolution.met", "custody.group", "live.open"):
                        expected = sum(
                            fact.amount
                            for fact in facts
                            if fact.measure == measure
                            and all(
                                value(fact, name) == each for name, each in zip(names, chosen, strict=True)
                            )
                        )
                        assert found.total(measure).amount == expected, (question, by, measure)
                        asked += 1
    assert asked > 500


def test_rebuilding_finds_nothing_to_correct_and_corrects_what_is_wrong(world: World) -> None:
    for hours in (1, 2, 30):
        resolved_after(world, hours=hours)
    passed_on(world)
    _refresh()
    assert _wrong() == 0
    Fact.objects.filter(measure="records.resolved").update(amount=5)
    Cell.objects.filter(measure="custody.group").update(amount=1)
    Grain.objects.filter(measure="records.opened").update(ruled=7)
    Grain.objects.filter(measure="sla.resolution.met").delete()
    Fact.objects.filter(measure="flow.hops").delete()
    assert _wrong() > 3
    list(rebuild(now=FRIDAY))
    assert _wrong() == 0
    assert _sum("records.resolved") == 3
    finest = Counter[tuple[object, ...]]()
    for *place, amount in Fact.objects.values_list(*_FINEST, "amount"):
        finest[tuple(place)] += amount
    kept = {tuple(place): amount for *place, amount in Grain.objects.values_list(*_FINEST, "amount")}
    assert kept == finest


def test_messages_may_come_again(world: World) -> None:
    record = resolved_after(world, hours=2)
    message = Delivered(world.tenant.pk, 1, "incident.resolved", record.pk, {}, FRIDAY)
    imported = Delivered(world.tenant.pk, 2, "history.imported", None, {"records": [str(record.pk)]}, FRIDAY)
    for _ in range(3):
        follow_all([message, imported])
    assert _sum("records.resolved") == 1
    assert _wrong() == 0


@pytest.mark.django_db(transaction=True)
def test_two_at_once_count_once() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        keys = [resolved_after(world, hours=hours).pk for hours in (1, 2, 3, 30)]
        barrier = threading.Barrier(4)

        def work() -> None:
            barrier.wait()
            with tenant_scope(world.tenant.pk, actor="system:test"):
                for _ in range(3):
                    refresh_records(keys=keys, now=FRIDAY)
            connections.close_all()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert _sum("records.resolved") == 4
        assert _wrong() == 0


@pytest.mark.django_db(transaction=True)
def test_totals_are_made_anew_after_what_is_being_counted() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        keys = [resolved_after(world, hours=hours).pk for hours in (1, 30)]

        def remake() -> None:
            with tenant_scope(world.tenant.pk, actor="system:test"):
                rebuild_totals()
            connections.close_all()

        other = threading.Thread(target=remake)
        with transaction.atomic():
            refresh_records(keys=keys, now=FRIDAY)
            other.start()
            other.join(timeout=1)
            assert other.is_alive(), "the totals were summed while a record was being counted"
        other.join()
        assert _sum("records.resolved") == 2
        assert _wrong() == 0


def test_a_suppliers_database_role_reads_its_own_figures_only(world: World) -> None:
    resolved_after(world, hours=2)
    _refresh()
    with enter_scope(Scope(world.tenant.pk, role="supplier", provider_id=world.supplier.pk)):
        assert set(Fact.objects.values_list("provider_id", flat=True)) == {world.supplier.pk}
        assert set(Cell.objects.values_list("provider_id", flat=True)) == {world.supplier.pk}
        assert set(Grain.objects.values_list("provider_id", flat=True)) == {world.supplier.pk}
        own = NOVEMBER.narrowed("provider", str(world.supplier.pk))
        assert _sum("custody.group", own) == 110 * 60
        other = NOVEMBER.narrowed("provider", str(world.desk_provider.pk))
        assert _sum("custody.group", other) == 0


def test_another_tenants_figures_are_not_there(world: World) -> None:
    resolved_after(world, hours=2)
    _refresh()
    twin = build_world("rivers")
    with tenant_scope(twin.tenant.pk, actor="system:test"):
        assert not Fact.objects.exists()
        assert not Grain.objects.exists()
        assert answer(NOVEMBER, measures=["records.opened"]).total("records.opened") == Figure(0, 0)
        assert [page.records for page in rebuild(now=FRIDAY)] == []
    assert _sum("records.opened") == 1


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("board", BOARDS.values(), ids=lambda board: board.code)
def test_a_board_takes_as_many_statements_whatever_it_shows(
    world: World, board: object, django_assert_max_num_queries: object
) -> None:
    resolved_after(world, hours=2)
    _refresh()
    fill(board, NOVEMBER, by="month", now=FRIDAY)  # type: ignore[arg-type]
    with django_assert_max_num_queries(4, connection=connection):  # type: ignore[operator]
        fill(board, NOVEMBER, by="month", now=FRIDAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "end"), [(Month(2026, 2), Month(2026, 1)), (Month(2020, 1), Month(2026, 1))]
)
def test_senseless_months_are_refused(start: Month, end: Month) -> None:
    with pytest.raises(QuestionError):
        Question(start, end)


def test_the_promised_time_of_a_breach_is_split_among_its_holders(world: World) -> None:
    """Eight hours were promised, and the record took fourteen: the desk held 15 minutes, then the network group."""
    resolved_after(world, hours=30, hold_minutes=15)
    _refresh()
    found = answer(NOVEMBER, measures=["breach.group"], by="provider")
    assert found.total("breach.group", value=str(world.desk_provider.pk)).amount == 15 * 60
    assert found.total("breach.group").amount == 8 * 3600


def test_whose_time_a_breach_was_is_settled_while_the_clock_runs_on(world: World) -> None:
    passed_on(world)
    _refresh(now=FRIDAY)
    assert _sum("breach.group") == 8 * 3600
    assert _wrong(now=FRIDAY + timedelta(days=2)) == 0


def test_waits_are_counted_with_who_began_them(world: World) -> None:
    record = passed_on(world)
    pend(
        record=record,
        waiting_for="requester",
        comment="Which room?",
        actor=world.actor(world.engineer),
        at=MONDAY_TEN + timedelta(minutes=20),
    )
    _refresh()
    assert (_sum("waits.all"), _sum("waits.unasked"), _sum("waits.near_breach")) == (1, 0, 0)
    own = NOVEMBER.narrowed("provider", str(world.supplier.pk))
    assert _sum("waits.all", own) == 1


def test_what_was_cancelled_kept_and_broke_nothing(world: World) -> None:
    record = passed_on(world)
    later = MONDAY_TEN + timedelta(minutes=30)
    cancel(record=record, reason="A mistake.", actor=world.actor(world.agent), at=later)
    _refresh()
    assert (_sum("records.cancelled"), _sum("sla.resolution.met"), _sum("sla.resolution.breached")) == (
        1,
        0,
        0,
    )
    assert (_sum("records.resolved"), _sum("live.open"), _sum("custody.group")) == (0, 0, 0)
