"""The service register. What services are made of is nothing that one supplier tells another: they see none of it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tenancy.engine.identity
import tenancy.engine.scope
import tenancy.models
from tenancy.engine.operations import IsolateTable


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0002_definitions"),
        ("catalogue", "0002_definitions"),
        ("people", "0003_definitions"),
        ("suppliers", "0001_initial"),
        ("tenancy", "0003_definitions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Component",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.engine.identity.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("code", models.SlugField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                (
                    "contract",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="suppliers.contract",
                    ),
                ),
                (
                    "provider",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.provider",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.engine.scope.current_tenant_id,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DependencyGroup",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.engine.identity.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("position", models.PositiveSmallIntegerField()),
                ("needed", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("is_in_turn", models.BooleanField(default=False)),
                (
                    "service",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalogue.service",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.engine.scope.current_tenant_id,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Dependency",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.engine.identity.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("handover_seconds", models.PositiveIntegerField(default=0)),
                (
                    "component",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalogue.component",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.engine.scope.current_tenant_id,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
                (
                    "used_service",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalogue.service",
                    ),
                ),
                (
                    "group",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="parts",
                        to="catalogue.dependencygroup",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FulfilmentPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.engine.identity.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("effective_from", models.DateTimeField()),
                (
                    "service",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalogue.service",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.engine.scope.current_tenant_id,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlannedTask",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.engine.identity.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("code", models.SlugField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("position", models.PositiveSmallIntegerField()),
                ("seconds", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "after",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                (
                    "calendar",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="calendars.calendar",
                    ),
                ),
                (
                    "component",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalogue.component",
                    ),
                ),
                (
                    "plan",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="tasks",
                        to="catalogue.fulfilmentplan",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.engine.scope.current_tenant_id,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="component",
            constraint=models.UniqueConstraint(models.F("tenant"), models.F("code"), name="component_code"),
        ),
        migrations.AddConstraint(
            model_name="dependencygroup",
            constraint=models.UniqueConstraint(
                models.F("tenant"), models.F("service"), models.F("name"), name="dependency_group_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="dependencygroup",
            constraint=models.CheckConstraint(
                condition=models.Q(("needed__isnull", True), ("needed__gt", 0), _connector="OR"),
                name="dependency_group_needed",
            ),
        ),
        migrations.AddConstraint(
            model_name="dependency",
            constraint=models.UniqueConstraint(
                models.F("tenant"), models.F("group"), models.F("position"), name="dependency_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="dependency",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("component__isnull", True), ("used_service__isnull", False)),
                    models.Q(("component__isnull", False), ("used_service__isnull", True)),
                    _connector="OR",
                ),
                name="dependency_one_part",
            ),
        ),
        migrations.AddConstraint(
            model_name="fulfilmentplan",
            constraint=models.UniqueConstraint(
                models.F("tenant"),
                models.F("service"),
                models.F("effective_from"),
                name="fulfilment_plan_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedtask",
            constraint=models.UniqueConstraint(
                models.F("tenant"), models.F("plan"), models.F("code"), name="planned_task_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedtask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("calendar__isnull", True), ("component__isnull", False), ("seconds__isnull", True)
                    ),
                    models.Q(
                        ("calendar__isnull", False), ("component__isnull", True), ("seconds__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="planned_task_time",
            ),
        ),
        IsolateTable("component"),
        IsolateTable("dependencygroup"),
        IsolateTable("dependency", leaf=True),
        IsolateTable("fulfilmentplan"),
        IsolateTable("plannedtask", leaf=True),
    ]
