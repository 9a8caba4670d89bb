import os

import pytest
from django.db import connection

from bench.load_data import load
from itsm.runner.provision import with_database
from records.models import Record
from sla.models import Clock
from sla.services.replay import replay
from tenancy.engine.scope import tenant_scope
from tests.support.stack import ADMIN_URL


@pytest.mark.django_db(transaction=True)
def test_loaded_incidents_are_what_the_product_would_have_written(monkeypatch: pytest.MonkeyPatch) -> None:
    admin = with_database(dsn=os.environ[ADMIN_URL], database=str(connection.settings_dict["NAME"]))
    monkeypatch.setenv("ITSM_BENCH_ADMIN_URL", admin)
    described = load(incidents=1_200, tenants=2)
    counts = []
    for tenant_id in (described["tenant_id"], described["tenant_id"] + 1):
        with tenant_scope(tenant_id):
            pages = list(replay())
            counts.append(sum(count for count, _ in pages))
            assert [difference for _, found in pages for difference in found] == []
            live = Record.objects.filter(phase__in=("open", "pending")).count()
            assert 0.1 < live / counts[-1] < 0.3
            assert Clock.objects.count() >= counts[-1]
            assert (
                Record.objects.order_by("-number").values_list("number", flat=True)[0]
                == f"INC{counts[-1]:07d}"
            )
    assert counts == [1_000, 200]
