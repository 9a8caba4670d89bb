"""Compiled queries give what the same query gives uncompiled, for any values and in any tenant."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Count, QuerySet
from django.test.utils import CaptureQueriesContext

from incidents.public import Report, raise_incident
from people.models import Membership, Role, SupportGroup
from records.models import AuditEntry, Record
from tenancy.engine.compiled import ShapeError, compiled, compiled_counts
from tenancy.public import tenant_scope
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    """A tenant, in scope for the test."""
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        yield built


def open_incident(world: World) -> Record:
    """An incident of the tenant."""
    report = Report(title="No network", service="email")
    return raise_incident(report=report, actor=world.actor(world.user, "portal"), at=datetime.now(UTC))


@compiled
def group_with(*, code: str) -> QuerySet[SupportGroup]:
    """A group by code, joined to its provider."""
    return SupportGroup.objects.select_related("provider").filter(code=code)


def test_rows_are_those_of_the_query_with_what_they_join(world: World) -> None:
    for code in (world.desk_group.code, world.network_group.code, world.desk_group.code):
        found = group_with(code=code)
        assert found == list(SupportGroup.objects.filter(code=code))
        with CaptureQueriesContext(connection) as asked:
            assert found[0].provider.name
        assert len(asked) == 0
    assert group_with.first(code="none") is None


def test_values_that_look_like_sql_or_like_the_compiler_s_own_marks_are_only_values(world: World) -> None:
    for hostile in ("' OR true --", "%s", "%(code)s", "\x020\x03", "x" * 300):
        assert group_with(code=hostile) == []
    assert group_with(code=world.desk_group.code)[0].code == world.desk_group.code


def test_a_collection_may_have_any_size(world: World) -> None:
    @compiled
    def named(*, keys: Any) -> QuerySet[SupportGroup, tuple[UUID, str]]:
        return SupportGroup.objects.filter(pk__among=keys).order_by("name").values_list("id", "name")

    for keys in (
        [],
        {world.desk_group.pk},
        [world.desk_group.pk, world.network_group.pk],
        frozenset({uuid4()}),
    ):
        assert named(keys=keys) == list(
            SupportGroup.objects.filter(pk__in=keys).order_by("name").values_list("id", "name")
        )


def test_each_shape_is_a_query_of_its_own(world: World) -> None:
    @compiled
    def members(order: str, *, at: datetime) -> QuerySet[Membership, str]:
        rows = Membership.objects.filter(person__joined_at__lt=at).values_list("email", flat=True)
        return rows.order_by(order)

    later = datetime.now(UTC) + timedelta(days=1)
    assert members("-email", at=later) == members("email", at=later)[::-1] != []
    assert members("-email", at=datetime(2000, 1, 1, tzinfo=UTC)) == []


def test_named_rows_columns_of_json_and_annotations_are_converted_as_ever(world: World) -> None:
    @compiled
    def roles(*, code: str) -> QuerySet[Role, Any]:
        return Role.objects.filter(code=code).values_list("code", "permissions", named=True)

    @compiled
    def busy(*, code: str) -> QuerySet[SupportGroup]:
        return SupportGroup.objects.filter(code=code).annotate(crowd=Count("members"))

    @compiled
    def facts(*, key: UUID) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.filter(record_id=key)

    code = Role.objects.values_list("code", flat=True)[0]
    row = roles(code=code)[0]
    assert (row.code, row.permissions) == Role.objects.values_list("code", "permissions").get(code=code)
    plain = SupportGroup.objects.annotate(crowd=Count("members")).get(code=world.desk_group.code)
    assert busy(code=world.desk_group.code)[0].crowd == plain.crowd > 0  # type: ignore[attr-defined]
    record = open_incident(world)
    entry = facts(key=record.pk)[0]
    assert entry.facts == AuditEntry.objects.get(record=record).facts
    assert isinstance(entry.facts, dict)


def test_a_statement_compiled_in_one_tenant_shows_nothing_of_it_in_another(world: World) -> None:
    @compiled
    def numbers(*, keys: Any) -> QuerySet[Record, str]:
        return Record.objects.filter(pk__among=keys).values_list("number", flat=True)

    mine = open_incident(world)
    assert numbers(keys=[mine.pk]) == [mine.number]
    other = build_world("rivers")
    with tenant_scope(other.tenant.pk):
        assert numbers(keys=[mine.pk]) == []


def test_what_has_no_fixed_shape_is_refused(world: World) -> None:
    @compiled
    def forgetful(*, code: str, name: str) -> QuerySet[SupportGroup]:
        return SupportGroup.objects.filter(code=code)

    @compiled
    def as_dicts(*, code: str) -> QuerySet[SupportGroup, Any]:
        return SupportGroup.objects.filter(code=code).values("name")

    @compiled
    def restricted(*, is_restricted: bool) -> QuerySet[Record]:
        return Record.objects.filter(is_restricted=is_restricted)

    with pytest.raises(ShapeError, match="name does not reach"):
        forgetful(code="a", name="b")
    with pytest.raises(ShapeError, match="ValuesIterable"):
        as_dicts(code="a")
    with pytest.raises(ShapeError, match="bool"):
        restricted(is_restricted=True)


def test_counts_of_several_queries_stop_at_their_limit(world: World) -> None:
    @compiled_counts(most=2)
    def crowds(*, key: UUID, word: str) -> dict[str, QuerySet[Any]]:
        groups = SupportGroup.objects.all()
        return {
            "all": groups,
            "one": groups.filter(pk=key),
            "named": groups.filter(name=word).order_by("-name"),
        }

    assert SupportGroup.objects.count() >= 2
    assert crowds(key=world.desk_group.pk, word="") == {"all": 2, "one": 1, "named": 0}
    assert crowds(key=uuid4(), word=world.desk_group.name) == {"all": 2, "one": 0, "named": 1}
