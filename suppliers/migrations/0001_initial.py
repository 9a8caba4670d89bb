"""Contracts and their dated terms; a supplier sees its own."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import tenancy.engine.identity
import tenancy.engine.scope
import tenancy.models
from tenancy.engine.operations import IsolateTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("calendars", "0002_definitions"),
        ("people", "0003_definitions"),
        ("tenancy", "0003_definitions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contract",
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
                ("starts_date", models.DateField()),
                ("ends_date", models.DateField(blank=True, help_text="the last day", null=True)),
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
            name="ContractTerms",
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
                ("response_seconds", models.PositiveIntegerField(blank=True, null=True)),
                ("resolution_seconds", models.PositiveIntegerField(blank=True, null=True)),
                ("fulfilment_seconds", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "availability",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="percent",
                        max_digits=7,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                (
                    "calendar",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="calendars.calendar",
                    ),
                ),
                (
                    "contract",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="terms",
                        to="suppliers.contract",
                    ),
                ),
                (
                    "provider",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        help_text="the contract's: by it the database hides other suppliers'",
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
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.UniqueConstraint(models.F("tenant"), models.F("code"), name="contract_code"),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_date__isnull", True), ("ends_date__gte", models.F("starts_date")), _connector="OR"
                ),
                name="contract_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="contractterms",
            constraint=models.UniqueConstraint(
                models.F("tenant"),
                models.F("contract"),
                models.F("effective_from"),
                name="contract_terms_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="contractterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("availability__isnull", True),
                    models.Q(("availability__gt", 0), ("availability__lte", 100)),
                    _connector="OR",
                ),
                name="contract_terms_availability",
            ),
        ),
        IsolateTable("contract", supplier="party"),
        IsolateTable("contractterms", supplier="party", append_only=True, leaf=True),
    ]
