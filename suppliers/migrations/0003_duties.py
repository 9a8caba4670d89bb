"""What contracts cost, what is owed under them, and how they are renewed."""

import django.db.models.deletion
from django.db import migrations, models

import tenancy.engine.identity
import tenancy.engine.scope
import tenancy.models
from tenancy.engine.operations import IsolateTable


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0008_client_logins"),
        ("suppliers", "0002_agreements"),
        ("tenancy", "0004_tenant_created_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="Charge",
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
                ("name", models.CharField(max_length=200)),
                (
                    "every",
                    models.CharField(
                        choices=[("month", "Month"), ("once", "Once")], default="month", max_length=5
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                ("starts_date", models.DateField()),
                ("ends_date", models.DateField(help_text="the last day", null=True)),
                (
                    "contract",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="charges",
                        to="suppliers.contract",
                    ),
                ),
                (
                    "provider",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        help_text="the contract's",
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
            name="Obligation",
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
                ("name", models.CharField(max_length=200)),
                (
                    "owed_by",
                    models.CharField(
                        choices=[("provider", "Provider"), ("us", "Us")], default="provider", max_length=8
                    ),
                ),
                (
                    "every",
                    models.CharField(
                        choices=[
                            ("once", "Once"),
                            ("month", "Month"),
                            ("quarter", "Quarter"),
                            ("year", "Year"),
                        ],
                        default="once",
                        max_length=7,
                    ),
                ),
                ("first_date", models.DateField(help_text="the first day by which it is owed")),
                ("ends_date", models.DateField(help_text="nothing is owed after it", null=True)),
                (
                    "contract",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="obligations",
                        to="suppliers.contract",
                    ),
                ),
                (
                    "provider",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        help_text="the contract's",
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
            name="ObligationMet",
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
                ("due_date", models.DateField()),
                ("met_at", models.DateTimeField()),
                ("evidence", models.CharField(max_length=1000)),
                ("by_name", models.CharField(max_length=200)),
                (
                    "obligation",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="met",
                        to="suppliers.obligation",
                    ),
                ),
                (
                    "provider",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        help_text="the contract's",
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
        migrations.AddField(
            model_name="contract",
            name="notice_days",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="before the last day, by when notice is given"
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="renewal",
            field=models.CharField(
                choices=[("none", "None"), ("automatic", "Automatic"), ("option", "Option")],
                default="none",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="warning_days",
            field=models.PositiveSmallIntegerField(
                default=90, help_text="before notice is due, from when is warned"
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(("renewal__in", ["none", "automatic", "option"])), name="contract_renewal"
            ),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(
                models.F("tenant"), models.F("contract"), models.F("starts_date"), name="charge_of"
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="charge_amount"),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(("every__in", ["month", "once"])), name="charge_every"
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_date__isnull", True), ("ends_date__gte", models.F("starts_date")), _connector="OR"
                ),
                name="charge_dates",
            ),
        ),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(
                models.F("tenant"), models.F("provider"), models.F("first_date"), name="obligation_of"
            ),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("owed_by__in", ["provider", "us"]), ("every__in", ["once", "month", "quarter", "year"])
                ),
                name="obligation_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_date__isnull", True), ("ends_date__gte", models.F("first_date")), _connector="OR"
                ),
                name="obligation_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="obligationmet",
            constraint=models.UniqueConstraint(
                models.F("tenant"), models.F("obligation"), models.F("due_date"), name="obligation_met_once"
            ),
        ),
        IsolateTable("charge", supplier="party", leaf=True),
        IsolateTable("obligation", supplier="party"),
        IsolateTable("obligationmet", supplier="party", append_only=True, leaf=True),
    ]
