"""The market's query language, read into a tree."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.engine.query import OPERATORS, Condition, Query, QueryError, Related, read_query
from market.engine.times import read_instant, read_stretch

LONDON = ZoneInfo("Europe/London")
# A Tuesday in summer time.
NOW = datetime(2026, 7, 14, 10, 30, tzinfo=UTC)


def one(text: str) -> Condition:
    """The only condition of a query."""
    (((term,),),) = read_query(text).groups
    assert isinstance(term, Condition)
    return term


def test_alternatives_bind_to_the_condition_before() -> None:
    a, b, c, d = (Condition(name, "=", "1") for name in "abcd")
    assert read_query("a=1^b=1^ORc=1^NQd=1^ORDERBYa^ORDERBYDESCb^EQ") == Query(
        (((a,), (b, c)), ((d,),)), (("a", False), ("b", True))
    )


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_is_read_after_any_field(operator: str) -> None:
    found = one(f"caller_id.name{operator}x")
    assert found.field == "caller_id.name"
    assert found.value == "x"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("numberNOT INa,b", Condition("number", "NOT IN", "a,b")),
        ("short_descriptionDOES NOT CONTAINx", Condition("short_description", "NOT LIKE", "x")),
        ("sys_created_on>=2026-01-01 10:00:00", Condition("sys_created_on", ">=", "2026-01-01 10:00:00")),
        ("short_description=a^^b", Condition("short_description", "=", "a^b")),
        ("short_description=a=b", Condition("short_description", "=", "a=b")),
        ("ORnumber=1", Condition("number", "=", "1")),
    ],
)
def test_a_condition_is_read_as_it_is_meant(text: str, found: Condition) -> None:
    assert one(text) == found


def test_rows_of_another_table_are_counted_until_the_end() -> None:
    (((related,), (after,)),) = read_query(
        "RLQUERYtask_sla.task,>=2^stage=x^ORstage=y^ENDRLQUERY^state=1"
    ).groups
    assert isinstance(related, Related)
    assert (related.table, related.field, related.compare, related.count) == ("task_sla", "task", ">=", 2)
    assert len(related.where.groups[0][0]) == 2
    assert after == Condition("state", "=", "1")


@given(st.text(alphabet=st.sampled_from("abO_RQN^=<>!.,@LIKEINRY \n;'\"")))
def test_anything_is_read(text: str) -> None:
    read_query(text)


def test_what_cannot_be_meant_is_refused() -> None:
    with pytest.raises(QueryError):
        read_query("^".join(["a=1"] * 501))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-01-02 03:04:05", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02", datetime(2026, 1, 2, tzinfo=UTC)),
        ("2026-01-02T03:04:05+01:00", datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)),
        ("javascript:gs.daysAgo(1)", datetime(2026, 7, 13, 10, 30, tzinfo=UTC)),
        ("javascript:gs.daysAgoStart(0)", datetime(2026, 7, 13, 23, tzinfo=UTC)),
        ("javascript:gs.beginningOfThisWeek()", datetime(2026, 7, 12, 23, tzinfo=UTC)),
        ("javascript:gs.beginningOfLastMonth()", datetime(2026, 5, 31, 23, tzinfo=UTC)),
        ("javascript:gs.dateGenerate('2026-01-02','03:04:05')", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("javascript:gs.reboot()", None),
        ("soon", None),
    ],
)
def test_times_are_read_in_utc_and_days_where_the_tenant_is(text: str, found: datetime | None) -> None:
    assert read_instant(text, now=NOW, zone=LONDON) == found


def test_a_stretch_has_two_ends() -> None:
    text = "Today@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()"
    start, end = datetime(2026, 7, 13, 23, tzinfo=UTC), datetime(2026, 7, 14, 22, 59, 59, tzinfo=UTC)
    assert read_stretch(text, now=NOW, zone=LONDON) == (start, end)
    assert read_stretch("soon@later", now=NOW, zone=LONDON) is None
