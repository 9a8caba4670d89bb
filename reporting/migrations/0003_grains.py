import django.db.models.deletion
from django.db import migrations, models

import tenancy.engine.identity
import tenancy.engine.scope
import tenancy.models
from tenancy.engine.operations import IsolateTable


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_definitions"),
        ("reporting", "0002_reports"),
        ("tenancy", "0004_tenant_created_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="Grain",
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
                ("measure", models.CharField(max_length=32)),
                ("period", models.DateField()),
                ("service", models.UUIDField(null=True)),
                ("organisation", models.UUIDField(null=True)),
                ("support_group", models.UUIDField(null=True)),
                ("priority", models.PositiveSmallIntegerField(null=True)),
                ("target", models.UUIDField(null=True)),
                ("amount", models.BigIntegerField()),
                ("ruled", models.BigIntegerField()),
                (
                    "provider",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        null=True,
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
                "constraints": [
                    models.UniqueConstraint(
                        models.F("tenant"),
                        models.F("measure"),
                        models.F("period"),
                        models.F("service"),
                        models.F("organisation"),
                        models.F("support_group"),
                        models.F("provider"),
                        models.F("priority"),
                        models.F("target"),
                        name="grain_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        IsolateTable("grain", supplier="party", audited=False, leaf=True),
    ]
