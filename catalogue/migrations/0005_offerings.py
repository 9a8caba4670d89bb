"""What users can request, and who may have it. No supplier sees prices, plans or audiences."""

import django.db.models.deletion
from django.db import migrations, models

import tenancy.engine.identity
import tenancy.engine.scope
import tenancy.models
from tenancy.engine.definitions import version_definitions
from tenancy.engine.operations import IsolateTable


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0004_versions"),
        ("people", "0004_managers"),
        ("tenancy", "0004_tenant_created_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="Offering",
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
                (
                    "stage",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("withdrawn", "Withdrawn")],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("number", models.PositiveIntegerField(default=0)),
                ("design", models.JSONField(default=dict)),
                ("draft_version", models.PositiveIntegerField(default=1)),
                (
                    "category",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalogue.category",
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
        ),
        migrations.CreateModel(
            name="OfferingAudience",
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
                (
                    "offering",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalogue.offering",
                    ),
                ),
                (
                    "organisation",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
                (
                    "role",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.role",
                    ),
                ),
                (
                    "support_group",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.supportgroup",
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
            name="OfferingVersion",
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
                ("design", models.JSONField()),
                ("note", models.TextField(blank=True, help_text="what changed, in its publisher's words")),
                ("published_at", models.DateTimeField()),
                ("published_by_name", models.CharField(max_length=200)),
                (
                    "offering",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalogue.offering",
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
        migrations.AddIndex(
            model_name="offering",
            index=models.Index(models.F("tenant"), models.F("service"), name="offering_of_service"),
        ),
        migrations.AddConstraint(
            model_name="offering",
            constraint=models.UniqueConstraint(models.F("tenant"), models.F("code"), name="offering_code"),
        ),
        migrations.AddConstraint(
            model_name="offering",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["draft", "published", "withdrawn"])), name="offering_stage"
            ),
        ),
        migrations.AddConstraint(
            model_name="offering",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage", "draft"), ("number__gt", 0), _connector="OR"),
                name="offering_published_number",
            ),
        ),
        migrations.AddIndex(
            model_name="offeringaudience",
            index=models.Index(models.F("tenant"), models.F("offering"), name="offering_audience_of"),
        ),
        migrations.AddConstraint(
            model_name="offeringaudience",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("organisation__isnull", False),
                        ("role__isnull", True),
                        ("support_group__isnull", True),
                    ),
                    models.Q(
                        ("organisation__isnull", True),
                        ("role__isnull", False),
                        ("support_group__isnull", True),
                    ),
                    models.Q(
                        ("organisation__isnull", True),
                        ("role__isnull", True),
                        ("support_group__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="offering_audience_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="offeringversion",
            constraint=models.UniqueConstraint(
                models.F("tenant"), models.F("offering"), models.F("number"), name="offering_version_number"
            ),
        ),
        IsolateTable("offering"),
        IsolateTable("offeringversion", append_only=True),
        IsolateTable("offeringaudience", leaf=True),
        version_definitions("catalogue_offering", "catalogue_offeringaudience"),
    ]
