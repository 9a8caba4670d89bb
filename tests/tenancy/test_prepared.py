"""Prepared statements: the same answers, in the scope of whoever asks, on whatever connection."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from pytest_django.fixtures import Settings

from people.models import SupportGroup
from records.models import Record
from tenancy.engine import prepared
from tenancy.public import Scope, compiled, enter_scope, sendable, tenant_scope
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    """A tenant, in scope for the test."""
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        yield built


def kept_names() -> list[str]:
    """The statements that the connection of this test holds prepared."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_prepared_statements WHERE name LIKE 'kept%' ORDER BY prepare_time"
        )
        return [row[0] for row in cursor.fetchall()]


def sums(sql: str, *values: int) -> int:
    """What a statement that adds something up gives."""
    with connection.cursor() as cursor:
        cursor.execute(sendable(sql), values)
        return int(cursor.fetchone()[0])


def test_a_statement_is_prepared_when_it_was_sent_often_enough(settings: Settings) -> None:
    settings.PREPARE_AFTER = 3
    sql = f"SELECT %s::int + {uuid4().int % 1_000_000}"
    assert [sendable(sql) == sql for _ in range(4)] == [True, True, False, False]
    assert sums(sql, 5) == sums(sql, 4) + 1


def test_it_is_never_prepared_behind_a_proxy(settings: Settings) -> None:
    settings.PREPARE_AFTER = 0
    assert {sendable("SELECT 'a proxy', %s::int") for _ in range(9)} == {"SELECT 'a proxy', %s::int"}


def test_per_cent_signs_and_dollars_are_only_text() -> None:
    said = "(VALUES ('50%% of $1')) AS v(said)"
    sql = f"SELECT count(*) FROM {said} WHERE said LIKE '50%%' AND %s = 1 AND said LIKE '%%$1'"
    assert sums(sql, 1) == 1
    assert sums(sql, 2) == 0


def test_each_connection_prepares_for_itself() -> None:
    assert sums("SELECT %s::int + 70", 1) == 71
    assert kept_names()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_lost_has_lost_its_statements_too() -> None:
    assert sums("SELECT %s::int + 80", 1) == 81
    connection.close()
    assert kept_names() == []
    assert sums("SELECT %s::int + 80", 1) == 81


def test_one_connection_keeps_no_more_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST", 3)
    before = len(kept_names())
    for number in range(8):
        assert sums(f"SELECT %s::int + {number}", 1) == number + 1
    assert len(kept_names()) <= max(before, 3)
    # The one that gave way is prepared anew when it is asked for again.
    assert sums("SELECT %s::int + 0", 1) == 1


def test_another_tenant_sees_its_own_rows_through_the_same_statement(world: World) -> None:
    @compiled
    def everything() -> QuerySet[SupportGroup]:
        return SupportGroup.objects.order_by("code")

    def tenants() -> set[int | None]:
        return {group.tenant_id for group in everything()}

    with enter_scope(None):
        other = build_world(code="elsewhere")
    for _ in range(7):  # PostgreSQL settles on one plan for all values at the sixth
        assert tenants() == {world.tenant.pk}
        with tenant_scope(other.tenant.pk):
            assert tenants() == {other.tenant.pk}


def test_another_role_reads_under_its_own_policies(world: World) -> None:
    @compiled
    def all_records() -> QuerySet[Record]:
        return Record.objects.order_by("pk")

    supplier = Scope(world.tenant.pk, role="supplier", provider_id=world.network_group.provider_id)
    for _ in range(7):
        all_records()
        with enter_scope(supplier):
            assert all_records() == list(Record.objects.order_by("pk"))


def test_without_a_tenant_a_prepared_statement_is_refused_too(world: World) -> None:
    @compiled
    def groups() -> QuerySet[SupportGroup]:
        return SupportGroup.objects.order_by("code")

    for _ in range(7):
        assert groups()
    with pytest.raises(DatabaseError), transaction.atomic(), enter_scope(None):
        groups()


def test_the_suite_prepares_at_the_first_call() -> None:
    assert settings.PREPARE_AFTER == 1
