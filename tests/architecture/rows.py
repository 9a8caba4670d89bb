"""Rows to try isolation on: two tenants alike, with something in every tenant table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from django.apps import apps

from catalogue.models import Offering, OfferingAudience, PriorityMatrix
from catalogue.public import Part, PartGroup, PlanTask, create_component, set_dependencies, set_plan
from governance.public import give_evidence
from incidents.public import Report, note, raise_incident
from incidents.public import comment as comment_on
from people.public import allow_login, create_api_client
from records.public import attach_file, link, watch
from sla.models import Dispute
from sla.services.contest import Contest, contest
from tenancy.engine.scope import tenant_scope
from tenancy.models import TenantForeignKey
from tests.architecture.tables import TABLES
from tests.support.world import World, build_world

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
MODELS = {model._meta.db_table: model for model in apps.get_models() if model._meta.db_table in TABLES}


@dataclass(frozen=True)
class Twins:
    """Two tenants that differ in nothing but being two."""

    own: World
    other: World


def build_twins(cursor: Any) -> Twins:
    """Build both through the services, then give every table that is still empty a row by `cursor`."""
    twins = Twins(build_world("defra"), build_world("dvla"))
    for world in (twins.own, twins.other):
        with tenant_scope(world.tenant.pk, actor="system:test"):
            _work(world)
    cursor.connection.commit()
    for world in (twins.own, twins.other):
        _fill(cursor, world.tenant.pk)
    cursor.connection.commit()
    return twins


def _work(world: World) -> None:
    user, agent = world.actor(world.user, "portal"), world.actor(world.agent)
    first = raise_incident(report=Report(title="Mail is slow", service="email"), actor=user, at=MONDAY_TEN)
    second = raise_incident(report=Report(title="Mail is gone"), actor=agent, at=MONDAY_TEN)
    later = MONDAY_TEN + timedelta(minutes=5)
    comment_on(record=first, body="Since Friday", actor=user, at=later)
    note(record=first, body="Looks like the relay", actor=agent, at=later)
    attach_file(record=first, name="log.txt", content=BytesIO(b"relay down"), actor=agent, at=later)
    link(record=first, target=second, type="relates_to", actor=agent, at=later)
    watch(record=first, membership_id=world.other_user.pk, actor=agent, at=later)
    PriorityMatrix.objects.create(name="Flat", cells=[3] * 16)
    chief = world.actor(world.administrator)
    give_evidence(
        subject=world.service,
        code="tests",
        words="They passed",
        files=[("tests.txt", BytesIO(b"all passed"))],
        actor=chief,
        at=later,
    )
    theirs = Report(title="Router is gone", support_group="network")
    third = raise_incident(report=theirs, actor=agent, at=MONDAY_TEN)
    contest_minute(world, third.number, after=MONDAY_TEN)
    create_api_client(name="network-co", provider=world.supplier, role="supplier-system")
    allow_login(client="network-co", actor=world.actor(world.administrator), at=later)
    _compose(world)


def contest_minute(world: World, number: str, *, after: datetime) -> Dispute:
    """The supplier contests the first minute of a record that its group had from an instant on."""
    said = Contest(
        number=number,
        grounds="Not ours",
        evidence="The log",
        started_at=after,
        ended_at=after + timedelta(minutes=1),
        claimed_kind="requester",
    )
    return contest(said=said, actor=world.actor(world.engineer), at=after + timedelta(minutes=2))


def _compose(world: World) -> None:
    """Parts and tasks, of which the database demands that they name one thing of several."""
    chief = world.actor(world.administrator)
    router = create_component(code="router", name="Router", provider=world.supplier, actor=chief)
    groups = (PartGroup("Network", (Part(component=router.code),)),)
    set_dependencies(
        service=world.service,
        groups=groups,
        actor=chief,
        at=MONDAY_TEN,
        accepted_because="Until it is signed",
    )
    tasks = (PlanTask("order", "Order", component=router),)
    set_plan(service=world.service, tasks=tasks, effective_from=MONDAY_TEN, actor=chief, at=MONDAY_TEN)
    offering = Offering.objects.create(code="router", service=world.service)
    OfferingAudience.objects.create(offering=offering, support_group=world.network_group)


def _fill(cursor: Any, tenant_id: int) -> None:
    empty = set(MODELS)
    while empty:
        rows = {table: row_of(cursor, table, tenant_id) for table in MODELS}
        empty = {table for table, row in rows.items() if row is None}
        ready = [table for table in sorted(empty) if not _wanted(table) & empty]
        assert ready or not empty, f"no row can be made for {empty}"
        for table in ready:
            add_row(cursor, table, _given(table, tenant_id, rows))


def _wanted(table: str) -> set[str]:
    """The other tables that a row of this one refers to and cannot do without."""
    return {
        field.related_model._meta.db_table
        for field in MODELS[table]._meta.local_fields
        if isinstance(field, TenantForeignKey) and not field.null
    } - {table}


def _given(table: str, tenant_id: int, rows: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {"tenant_id": tenant_id}
    for field in MODELS[table]._meta.local_fields:
        if isinstance(field, TenantForeignKey) and not field.null:
            given[str(field.column)] = rows[field.related_model._meta.db_table]["id"]
    return given | chosen(table)


def chosen(table: str) -> dict[str, Any]:
    """A value for each column that has only a few."""
    return {
        str(field.column): next(iter(field.flatchoices))[0]
        for field in MODELS[table]._meta.local_fields
        if field.choices
    }


def row_of(cursor: Any, table: str, tenant_id: int) -> dict[str, Any] | None:
    """Some row of the tenant, as JSON has it."""
    cursor.execute(f"SELECT to_jsonb(t) FROM {table} t WHERE tenant_id = %s LIMIT 1", [tenant_id])
    found = cursor.fetchone()
    return found[0] if found else None


def add_row(cursor: Any, table: str, given: Mapping[str, Any]) -> None:
    """Put a row into the table, with any values but the given ones."""
    cursor.execute(
        "SELECT column_name, data_type, character_maximum_length FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO'"
        " AND column_default IS NULL AND is_identity = 'NO'",
        [table],
    )
    values = {name: any_value(kind, length) for name, kind, length in cursor.fetchall()}
    values |= dict.fromkeys(given, "%s")
    statement = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"
    cursor.execute(statement, [given[name] for name, mark in values.items() if mark == "%s"])


def any_value(kind: str, length: int | None) -> str:
    """Some value of a type, as SQL."""
    if kind in ("text", "character varying"):
        return f"left('desk', {length or 4})"
    return {
        "uuid": "gen_random_uuid()",
        "jsonb": "'{}'",
        "ARRAY": "'{}'",
        "bytea": "''",
        "boolean": "false",
        "date": "current_date",
        "timestamp with time zone": "now()",
        "tsvector": "''",
    }.get(kind, "1")
