"""The tasks of requests, and what runs of itself for them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tenancy.engine.identity
import tenancy.engine.scope
import tenancy.models
from tenancy.engine.operations import IsolateTable


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0005_approvers"),
        ("requests_app", "0001_initial"),
        ("tenancy", "0004_tenant_created_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="AllowedHost",
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
                ("host", models.CharField(max_length=253)),
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
            options={
                "constraints": [
                    models.UniqueConstraint(models.F("tenant"), models.F("host"), name="allowed_host")
                ],
            },
        ),
        migrations.CreateModel(
            name="AutomationRun",
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
                ("attempt", models.PositiveSmallIntegerField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("kind", models.CharField(choices=[("hook", "Hook"), ("run", "Run")], max_length=4)),
                (
                    "state",
                    models.CharField(
                        choices=[("due", "Due"), ("called", "Called"), ("ended", "Ended")],
                        default="due",
                        max_length=6,
                    ),
                ),
                ("token_hash", models.CharField(max_length=64)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("log", models.JSONField(default=list)),
                ("outcome", models.JSONField(default=dict)),
                (
                    "record",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="records.record",
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
            options={
                "indexes": [
                    models.Index(
                        models.F("next_at"),
                        condition=models.Q(("state", "ended"), _negated=True),
                        name="automation_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("tenant"), models.F("record"), models.F("attempt"), name="automation_attempt"
                    ),
                    models.UniqueConstraint(
                        models.F("tenant"), models.F("token_hash"), name="automation_token"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["due", "called", "ended"])), name="automation_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["hook", "run"])), name="automation_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hook",
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
                ("code", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("url", models.CharField(max_length=500)),
                ("secret", models.TextField(help_text="sealed")),
                ("timeout_seconds", models.PositiveSmallIntegerField(default=10)),
                ("is_active", models.BooleanField(default=True)),
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
            options={
                "constraints": [
                    models.UniqueConstraint(models.F("tenant"), models.F("code"), name="hook_code"),
                    models.CheckConstraint(
                        condition=models.Q(("timeout_seconds__range", (1, 60))), name="hook_timeout"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "record",
                    tenancy.models.TenantOneToOneField(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="records.record",
                    ),
                ),
                ("code", models.CharField(max_length=80)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "after",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, size=None
                    ),
                ),
                ("definition", models.JSONField(default=dict, help_text="the task as the plan had it")),
                ("answers", models.JSONField(default=dict, help_text="to its form, given on completing it")),
                ("replaces", models.CharField(blank=True, max_length=80)),
                (
                    "request",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="records.record",
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("tenant"), models.F("request"), models.F("code"), name="task_code"
                    )
                ],
            },
        ),
        IsolateTable("hook"),
        IsolateTable("allowedhost", leaf=True),
        IsolateTable("task", supplier="record", supplier_writes=True, leaf=True),
        IsolateTable(
            "automationrun", supplier="record", supplier_writes=True, worker="r", audited=False, leaf=True
        ),
    ]
