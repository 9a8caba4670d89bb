"""Services have a kind, an owner, a band, a life with its steps, and definitions by a template."""

import django.db.models.deletion
from django.db import migrations, models

import tenancy.engine.identity
import tenancy.engine.scope
import tenancy.models
from tenancy.engine.operations import IsolateTable, ReferTenantRow


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0002_definitions"),
        ("catalogue", "0005_offerings"),
        ("people", "0006_approval_roles"),
        ("tenancy", "0004_tenant_created_at"),
    ]
    operations = [
        migrations.CreateModel(
            name="DefinitionDraft",
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
                ("texts", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
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
            name="DefinitionTemplate",
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
                ("number", models.PositiveIntegerField()),
                ("sections", models.JSONField()),
                ("published_at", models.DateTimeField()),
                ("published_by_name", models.CharField(max_length=200)),
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
            name="ServiceDefinition",
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
                ("number", models.PositiveIntegerField()),
                ("sections", models.JSONField()),
                ("texts", models.JSONField()),
                ("note", models.CharField(blank=True, max_length=500)),
                ("published_at", models.DateTimeField()),
                ("published_by_name", models.CharField(max_length=200)),
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
            name="ServiceStep",
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
                ("at", models.DateTimeField()),
                ("name", models.CharField(max_length=12)),
                ("source", models.CharField(max_length=12)),
                ("target", models.CharField(max_length=12)),
                ("reason", models.TextField(blank=True)),
                ("by_name", models.CharField(max_length=200)),
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
        migrations.AddField(
            model_name="service",
            name="audience",
            field=models.TextField(blank=True, help_text="for whom it is, in words"),
        ),
        migrations.AddField(
            model_name="service",
            name="kind",
            field=models.CharField(
                choices=[
                    ("functional", "Functional"),
                    ("technical", "Technical"),
                    ("operational", "Operational"),
                ],
                default="functional",
                max_length=11,
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="owner",
            field=tenancy.models.TenantForeignKey(
                blank=True,
                db_index=False,
                help_text="who answers for it",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.membership",
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="version",
            field=models.PositiveIntegerField(default=1, help_text="of what its own page says of it"),
        ),
        migrations.CreateModel(
            name="AvailabilityBand",
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
                ("name", models.CharField(max_length=100)),
                ("percent", models.DecimalField(decimal_places=3, max_digits=6)),
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
            model_name="service",
            name="availability_band",
            field=tenancy.models.TenantForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="catalogue.availabilityband",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["functional", "technical", "operational"])),
                name="service_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="availabilityband",
            constraint=models.UniqueConstraint(
                models.F("tenant"), models.F("code"), name="availability_band_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="availabilityband",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__gt", 0), ("percent__lte", 100)),
                name="availability_band_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="definitiondraft",
            constraint=models.UniqueConstraint(
                models.F("tenant"), models.F("service"), name="definition_draft_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="definitiontemplate",
            constraint=models.UniqueConstraint(
                models.F("tenant"), models.F("number"), name="definition_template_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="servicedefinition",
            constraint=models.UniqueConstraint(
                models.F("tenant"), models.F("service"), models.F("number"), name="service_definition_number"
            ),
        ),
        migrations.AddIndex(
            model_name="servicestep",
            index=models.Index(
                models.F("tenant"), models.F("service"), models.F("at"), name="service_step_of"
            ),
        ),
        IsolateTable("availabilityband"),
        IsolateTable("servicestep", append_only=True, leaf=True),
        IsolateTable("definitiontemplate", append_only=True, leaf=True),
        IsolateTable("definitiondraft", leaf=True),
        IsolateTable("servicedefinition", append_only=True, leaf=True),
        ReferTenantRow("service", "owner"),
        ReferTenantRow("service", "availability_band"),
    ]
