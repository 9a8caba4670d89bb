"""What the market-compatible API keeps of its own."""

import django.db.models.deletion
from django.db import migrations, models

import tenancy.engine.identity
import tenancy.engine.scope
import tenancy.models
from tenancy.engine.operations import IsolateTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0008_client_logins"),
        ("records", "0006_attachment_references"),
        ("tenancy", "0004_tenant_created_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="TinyAddress",
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
                ("key", models.CharField(max_length=32)),
                ("query", models.TextField()),
                ("kept_at", models.DateTimeField()),
                (
                    "provider",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        help_text="whose client asks",
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
            options={
                "indexes": [models.Index(models.F("tenant"), models.F("kept_at"), name="tiny_address_age")],
                "constraints": [
                    models.UniqueConstraint(models.F("tenant"), models.F("key"), name="tiny_address_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="Withdrawn",
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
                ("withdrawn_at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                (
                    "attachment",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="records.attachment",
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "record", "attachment"), name="withdrawn_once", nulls_distinct=False
                    )
                ],
            },
        ),
        IsolateTable("tinyaddress", supplier="party", supplier_writes=True, audited=False, leaf=True),
        IsolateTable("withdrawn", supplier="record", supplier_writes=True, leaf=True),
    ]
