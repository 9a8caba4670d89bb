"""What goes to suppliers' systems and comes from them."""

import django.db.models.deletion
from django.db import migrations, models

import tenancy.engine.identity
import tenancy.engine.scope
import tenancy.models
from tenancy.engine.operations import IsolateTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0007_hook_roles"),
        ("records", "0005_approvers"),
        ("tenancy", "0004_tenant_created_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="Endpoint",
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
                ("url", models.CharField(max_length=500)),
                ("secret", models.TextField(help_text="sealed")),
                ("former_secret", models.TextField(blank=True, help_text="sealed")),
                ("former_until", models.DateTimeField(null=True)),
                ("timeout_seconds", models.PositiveSmallIntegerField(default=10)),
                ("paused_because", models.CharField(blank=True, max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
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
            name="EndpointHealth",
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
                ("failures", models.PositiveIntegerField(default=0)),
                ("open_until", models.DateTimeField(null=True)),
                ("last_good_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=500)),
                (
                    "endpoint",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="exchange.endpoint",
                    ),
                ),
                (
                    "provider",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        help_text="the endpoint's",
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
            name="Incoming",
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
                ("key", models.CharField(max_length=100)),
                ("body_hash", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField()),
                ("outcome", models.JSONField(default=dict)),
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
        ),
        migrations.CreateModel(
            name="Outgoing",
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
                ("message_id", models.BigIntegerField(help_text="of the outbox")),
                ("kind", models.CharField(max_length=40)),
                ("body", models.TextField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("leased", "Leased"),
                            ("done", "Done"),
                            ("dead", "Dead"),
                            ("dropped", "Dropped"),
                        ],
                        default="pending",
                        max_length=7,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "answered",
                    models.PositiveSmallIntegerField(help_text="the last answer's HTTP status", null=True),
                ),
                ("error", models.CharField(blank=True, max_length=500)),
                (
                    "endpoint",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="exchange.endpoint",
                    ),
                ),
                (
                    "provider",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        help_text="the endpoint's",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.provider",
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
        ),
        migrations.CreateModel(
            name="Counterpart",
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
                ("their_reference", models.CharField(blank=True, max_length=120)),
                ("handed_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("known", models.JSONField(default=dict)),
                ("last_sequence", models.BigIntegerField(default=0)),
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
                        models.F("tenant"),
                        models.F("provider"),
                        condition=models.Q(("acknowledged_at__isnull", True)),
                        name="counterpart_on_wire",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("tenant"), models.F("provider"), models.F("record"), name="counterpart_once"
                    ),
                    models.UniqueConstraint(
                        models.F("tenant"),
                        models.F("provider"),
                        models.F("their_reference"),
                        condition=models.Q(("their_reference", ""), _negated=True),
                        name="counterpart_reference",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="endpoint",
            constraint=models.UniqueConstraint(
                models.F("tenant"), models.F("provider"), name="endpoint_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="endpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("timeout_seconds__range", (1, 30))), name="endpoint_timeout"
            ),
        ),
        migrations.AddConstraint(
            model_name="endpointhealth",
            constraint=models.UniqueConstraint(
                models.F("tenant"), models.F("endpoint"), name="endpoint_health_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="incoming",
            constraint=models.UniqueConstraint(
                models.F("tenant"), models.F("provider"), models.F("key"), name="incoming_once"
            ),
        ),
        migrations.AddIndex(
            model_name="outgoing",
            index=models.Index(
                models.F("next_at"),
                models.F("message_id"),
                condition=models.Q(("status", "pending")),
                name="outgoing_due",
            ),
        ),
        migrations.AddIndex(
            model_name="outgoing",
            index=models.Index(
                models.F("tenant"),
                models.F("endpoint"),
                models.F("record"),
                models.F("message_id"),
                condition=models.Q(("status__in", ["pending", "leased", "dead"])),
                name="outgoing_lane",
            ),
        ),
        migrations.AddIndex(
            model_name="outgoing",
            index=models.Index(
                models.F("leased_until"), condition=models.Q(("status", "leased")), name="outgoing_leased"
            ),
        ),
        migrations.AddIndex(
            model_name="outgoing",
            index=models.Index(
                models.F("tenant"),
                models.F("provider"),
                models.F("made_at"),
                models.F("id"),
                name="outgoing_newest",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoing",
            constraint=models.UniqueConstraint(
                models.F("tenant"), models.F("endpoint"), models.F("message_id"), name="outgoing_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoing",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["pending", "leased", "done", "dead", "dropped"])),
                name="outgoing_status",
            ),
        ),
        IsolateTable("endpoint", supplier="party", worker="r"),
        IsolateTable("endpointhealth", supplier="party", worker="r", audited=False, leaf=True),
        IsolateTable("counterpart", supplier="party", leaf=True),
        IsolateTable("outgoing", supplier="party", worker="rw", audited=False, leaf=True),
        IsolateTable(
            "incoming", supplier="party", supplier_writes=True, audited=False, append_only=True, leaf=True
        ),
    ]
