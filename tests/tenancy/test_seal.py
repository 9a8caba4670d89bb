"""The sealed audit names a tampered row."""

import time
from datetime import UTC, datetime

import pytest
from django.db import connection

from incidents.public import Report, raise_incident
from records.models import AuditEntry
from tenancy.engine.scope import platform_scope, tenant_scope
from tenancy.models import MachineEntry, Seal
from tenancy.services.seal import seal_new_rows, tenants_to_seal, verify
from tests.support.superuser import as_superuser
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        for title in ("one", "two"):
            raise_incident(report=Report(title=title), actor=world.actor(world.agent), at=NOW)
    return world


def _seal(world: World) -> int:
    """Seal all there is; returns how many rows.

    A row is sealed once every older transaction of the server has ended, those of tests beside this one included.
    """
    with tenant_scope(world.tenant.pk):
        everything = AuditEntry.objects.count() + MachineEntry.objects.count()
    sealed = 0
    deadline = time.monotonic() + 60
    with platform_scope("worker"):
        before = sum(len(seal.row_ids) for seal in Seal.objects.filter(tenant_id=world.tenant.pk))
        while before + sealed < everything and time.monotonic() < deadline:
            sealed += seal_new_rows(tenant_id=world.tenant.pk, at=NOW)
        return sealed + seal_new_rows(tenant_id=world.tenant.pk, at=NOW)


def _faults(world: World) -> list[tuple[str, str, str]]:
    with platform_scope("worker"):
        return [(fault.stream, fault.row, fault.reason) for fault in verify(tenant_id=world.tenant.pk)]


def test_every_row_is_sealed_once_and_fits(world: World) -> None:
    with tenant_scope(world.tenant.pk):
        rows = AuditEntry.objects.count() + MachineEntry.objects.count()
    assert _seal(world) == rows
    assert _seal(world) == 0
    assert _faults(world) == []


def test_only_tenants_with_new_rows_are_looked_at(world: World) -> None:
    with platform_scope("worker"):
        _seal(world)
        assert world.tenant.pk not in tenants_to_seal()
        with tenant_scope(world.tenant.pk, actor="system:test"):
            raise_incident(report=Report(title="three"), actor=world.actor(world.agent), at=NOW)
        deadline = time.monotonic() + 60
        while world.tenant.pk not in tenants_to_seal():
            assert time.monotonic() < deadline, "it is not noticed that there is something to seal"


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE records_auditentry SET actor_name = 'Somebody else' WHERE id = %s", "the row was altered"),
        ("DELETE FROM records_auditentry WHERE id = %s", "the row was removed"),
    ],
)
def test_a_tampered_row_is_named(world: World, statement: str, reason: str) -> None:
    _seal(world)
    with tenant_scope(world.tenant.pk):
        victim = AuditEntry.objects.order_by("id").first()
    assert victim is not None
    as_superuser(statement, [str(victim.pk)])
    assert _faults(world) == [("steps", str(victim.pk), reason)]


def test_a_removed_seal_is_missed(world: World) -> None:
    _seal(world)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        raise_incident(report=Report(title="three"), actor=world.actor(world.agent), at=NOW)
    _seal(world)
    with platform_scope("worker"):
        first = Seal.objects.filter(stream="steps").order_by("sequence").first()
    assert first is not None
    as_superuser("DELETE FROM tenancy_seal WHERE id = %s", [first.pk])
    assert ("steps", "", "the seal is missing") in _faults(world)


def test_the_application_cannot_rewrite_the_audit(world: World) -> None:
    with tenant_scope(world.tenant.pk), connection.cursor() as cursor:
        for table in ("records_auditentry", "tenancy_machineentry", "tenancy_seal"):
            with pytest.raises(Exception, match="permission denied"):
                cursor.execute(f"DELETE FROM {table}")
