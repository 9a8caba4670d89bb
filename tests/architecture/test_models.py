"""What the models may say: references point down the layers, and nothing happens behind a caller's back."""

import tomllib
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from tenancy.models import TenantForeignKey, TenantModel
from tests.architecture.tables import TABLES
from tests.architecture.tree import ROOT, apps_of

OURS = [
    model
    for model in apps.get_models(include_auto_created=True)
    if model._meta.app_label in {path.name for path in apps_of(ROOT)}
]
# Between tenant tables, but without a constraint: a delivery is claimed by a sweep over all tenants.
UNCONSTRAINED = {"outbox_delivery.message_id"}


def layers() -> dict[str, int]:
    """Each app's height, from the contract that import-linter keeps."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    rows = [row.replace(" ", "").split("|") for row in contract["layers"]]
    return {app: -depth for depth, row in enumerate(rows) for app in row}


def upward(heights: dict[str, int]) -> Iterator[str]:
    """References from a lower app's table to a higher or a sibling app's."""
    for model in OURS:
        for field in model._meta.local_fields:
            if not isinstance(field, models.ForeignKey) or field.related_model not in OURS:
                continue
            here, there = model._meta.app_label, field.related_model._meta.app_label
            if here != there and heights[there] >= heights[here]:
                yield f"{model._meta.db_table}.{field.column}"


def test_every_app_has_a_layer() -> None:
    assert {path.name for path in apps_of(ROOT)} <= set(layers())


def test_references_point_down() -> None:
    assert list(upward(layers())) == []


def test_a_reference_that_points_up_is_found() -> None:
    upside_down = {app: -height for app, height in layers().items()}
    assert "records_record.service_id" in set(upward(upside_down))


@pytest.mark.parametrize("model", OURS, ids=lambda model: str(model._meta.label_lower))
class TestModel:
    def test_saves_as_django_does(self, model: type[models.Model]) -> None:
        inherited = [base for base in model.__mro__ if {"save", "delete"} & set(vars(base))]
        assert {base.__module__.partition(".")[0] for base in inherited} == {"django"}

    def test_has_no_ordering(self, model: type[models.Model]) -> None:
        assert not model._meta.ordering

    def test_names_its_tenant_through_the_database(self, model: type[models.Model]) -> None:
        if model._meta.db_table not in TABLES:
            assert not issubclass(model, TenantModel)
            return
        tenant = model._meta.get_field("tenant")
        assert isinstance(tenant, models.ForeignKey)
        assert vars(tenant)["db_constraint"]
        assert not tenant.null

    def test_refers_to_tenant_tables_within_the_tenant(self, model: type[models.Model]) -> None:
        if model._meta.db_table not in TABLES:
            return
        loose = {
            f"{model._meta.db_table}.{field.column}"
            for field in model._meta.local_fields
            if isinstance(field, models.ForeignKey)
            and not isinstance(field, TenantForeignKey)
            and field.related_model._meta.db_table in TABLES
        }
        assert loose <= UNCONSTRAINED

    def test_has_no_relation_that_a_constraint_cannot_keep(self, model: type[models.Model]) -> None:
        assert not model._meta.local_many_to_many
        assert not model._meta.private_fields
