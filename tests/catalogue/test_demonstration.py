"""What the demonstration's portfolio shows: every stage has something in it, and definitions to compare."""

from datetime import UTC, datetime

import pytest

from catalogue.models import Service, ServiceDefinition, ServiceStep
from itsm.services.demo_world import DEFRA, RIVERS, Demo
from itsm.services.seed_tenant import seed_tenant
from people.public import tenant_by_code
from tenancy.engine.scope import tenant_scope

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("demo", [DEFRA, RIVERS], ids=lambda demo: demo.code)
def test_there_is_something_in_every_tab_of_the_portfolio(demo: Demo) -> None:
    seed_tenant(demo, encoded_password="!", now=NOW)
    with tenant_scope(tenant_by_code(demo.code).pk, actor="system:test"):
        stages = dict(Service.objects.values_list("code", "stage"))
        assert {code: stages[code] for code in ("translation", "sensor-data", "fax", "paper-archive")} == {
            "translation": "proposed",
            "sensor-data": "designing",
            "fax": "retired",
            "paper-archive": "retired",
        }
        versions = ServiceDefinition.objects.filter(service__code="sensor-data")
        assert set(versions.values_list("number", flat=True)) == {1, 2}
        assert ServiceDefinition.objects.filter(service__code="fax").exists()
        assert not ServiceStep.objects.filter(at__gt=NOW).exists()
