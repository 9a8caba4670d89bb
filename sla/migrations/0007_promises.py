"""Promised availability, and promises that were accepted although they cannot be kept."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import tenancy.engine.identity
import tenancy.engine.scope
import tenancy.models
from tenancy.engine.operations import IsolateTable


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0003_register"),
        ("people", "0003_definitions"),
        ("sla", "0005_drafts"),
        ("tenancy", "0003_definitions"),
    ]

    operations = [
        migrations.CreateModel(
            name="AvailabilityPromise",
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
                    "percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="None: from this instant on nothing is promised",
                        max_digits=7,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("tenant"),
                        models.F("service"),
                        models.F("effective_from"),
                        name="availability_promise_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("percent__isnull", True),
                            models.Q(("percent__gt", 0), ("percent__lte", 100)),
                            _connector="OR",
                        ),
                        name="availability_promise_percent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PromiseAcceptance",
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
                ("accepted_at", models.DateTimeField()),
                ("accepted_by_name", models.CharField(max_length=200)),
                (
                    "occasion",
                    models.CharField(choices=[("publish", "publish"), ("save", "save")], max_length=8),
                ),
                ("reason", models.TextField()),
                ("findings", models.JSONField()),
                (
                    "accepted_by",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        help_text="None: not a person",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
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
            options={
                "indexes": [
                    models.Index(
                        models.F("tenant"),
                        models.F("service"),
                        models.F("accepted_at"),
                        name="acceptance_of_service",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("occasion__in", ["publish", "save"])), name="acceptance_occasion"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="acceptance_reason"
                    ),
                ],
            },
        ),
        IsolateTable("availabilitypromise", append_only=True, leaf=True),
        IsolateTable("promiseacceptance", append_only=True, leaf=True),
    ]
