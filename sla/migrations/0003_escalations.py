"""Pauses by holder and until a date, and escalations."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tenancy.engine.identity
import tenancy.engine.scope
import tenancy.models
from tenancy.engine.definitions import version_definitions
from tenancy.engine.operations import IsolateTable


def _key() -> tuple[str, models.UUIDField]:
    made = models.UUIDField(
        default=tenancy.engine.identity.uuid7, editable=False, primary_key=True, serialize=False
    )
    return "id", made


def _tenant() -> tuple[str, models.ForeignKey]:
    made = models.ForeignKey(
        db_index=False,
        default=tenancy.engine.scope.current_tenant_id,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to="tenancy.tenant",
    )
    return "tenant", made


def _reference(name: str, to: str, **more: object) -> tuple[str, tenancy.models.TenantForeignKey]:
    return name, tenancy.models.TenantForeignKey(
        **{
            "db_index": False,
            "on_delete": django.db.models.deletion.DO_NOTHING,
            "related_name": "+",
            "to": to,
            **more,
        }
    )


TOLD = """
UPDATE sla_clock SET told_percent = CASE WHEN next_fire_at = told_at THEN fire_percent[1] - 1 ELSE 100 END
WHERE told_at >= matched_at
"""


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0002_definitions"),
        ("people", "0003_definitions"),
        ("records", "0004_search_pending"),
        ("sla", "0002_definitions"),
        ("tenancy", "0004_tenant_created_at"),
    ]

    operations = [
        migrations.AddField(
            "clock",
            "told_percent",
            models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                help_text="the last of the points at that instant that was told",
            ),
        ),
        # What has not been told of the instant told last is still in the plan; all before it has been.
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
        migrations.AddField(
            "targetversion",
            "pause_until",
            models.BooleanField(
                default=False, help_text="a pause for something promised for a day ends on that day"
            ),
        ),
        migrations.AlterField(
            "targetversion",
            "pause_on",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=48), default=list, size=None
            ),
        ),
        migrations.AddConstraint(
            model_name="targetversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("metric__in", ("response", "update", "resolution", "fulfilment", "approval"))
                ),
                name="target_metric",
            ),
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                _key(),
                ("percent", models.PositiveSmallIntegerField()),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("raise_priority", "raise the priority by one"),
                            ("notify_role", "notify a role"),
                            ("reassign", "reassign to a group"),
                        ],
                        max_length=16,
                    ),
                ),
                _reference("role", "people.role", null=True),
                _reference("support_group", "people.supportgroup", null=True),
                _reference("target_version", "sla.targetversion", related_name="escalations"),
                _tenant(),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "target_version", "percent", "action", "role", "support_group"),
                        name="escalation_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__range", (1, 100))), name="escalation_percent"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("action", "notify_role"), ("role__isnull", False)),
                            ("action", "raise_priority"),
                            models.Q(("action", "reassign"), ("support_group__isnull", False)),
                            _connector="OR",
                        ),
                        name="escalation_action",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalated",
            fields=[
                _key(),
                ("party", models.UUIDField(null=True)),
                ("matched_at", models.DateTimeField()),
                ("point_at", models.DateTimeField(help_text="when the point of the clock was reached")),
                ("at", models.DateTimeField(help_text="when it was acted upon")),
                ("is_done", models.BooleanField()),
                ("reason", models.CharField(blank=True, help_text="why it was left", max_length=200)),
                _reference("escalation", "sla.escalation"),
                _reference("record", "records.record"),
                _tenant(),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "record", "escalation", "matched_at", "party"),
                        name="escalated_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        version_definitions("sla_escalation"),
        IsolateTable("escalation", supplier="tenant", worker="r"),
        IsolateTable("escalated", supplier="record", append_only=True, leaf=True),
    ]
