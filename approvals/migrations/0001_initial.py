"""Levels of approval, seats, questions and delegations."""

import django.db.models.deletion
from django.db import migrations, models

import tenancy.engine.identity
import tenancy.engine.scope
import tenancy.models
from tenancy.engine.operations import IsolateTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0006_approval_roles"),
        ("records", "0005_approvers"),
        ("tenancy", "0004_tenant_created_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="Approval",
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
                ("position", models.PositiveSmallIntegerField(help_text="from 1")),
                ("level", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("asked", "Asked"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("skipped", "Skipped"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[("any", "any"), ("all", "all"), ("quorum", "quorum")], max_length=6
                    ),
                ),
                (
                    "needed",
                    models.PositiveSmallIntegerField(default=1, help_text="how many seats must approve"),
                ),
                (
                    "lacks_approvers",
                    models.BooleanField(default=False, help_text="too few are there to approve it"),
                ),
                ("party", models.UUIDField(null=True)),
                ("asked_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("remind_at", models.DateTimeField(null=True)),
                ("escalate_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
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
            name="Approver",
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
                    "why",
                    models.CharField(
                        choices=[
                            ("manager", "Manager"),
                            ("role", "Role"),
                            ("group", "Group"),
                            ("person", "Person"),
                            ("escalated", "Escalated"),
                            ("assigned", "Assigned"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "place",
                    models.PositiveSmallIntegerField(help_text="in the order in which they were asked"),
                ),
                ("seated_at", models.DateTimeField()),
                ("has_left", models.BooleanField(default=False)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("", "none yet"), ("approved", "approved"), ("rejected", "rejected")],
                        max_length=8,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "approval",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.approval",
                    ),
                ),
                (
                    "decided_by",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "handed_to",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "member",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.membership",
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
            name="Delegation",
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
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(help_text="ended before its last day", null=True)),
                (
                    "delegate",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "delegator",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.membership",
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
            name="Question",
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
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "approval",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.approval",
                    ),
                ),
                (
                    "asked_by",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.membership",
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
            model_name="approval",
            index=models.Index(
                models.F("next_at"),
                condition=models.Q(("next_at__isnull", False), ("state", "asked")),
                name="approval_due",
            ),
        ),
        migrations.AddIndex(
            model_name="approval",
            index=models.Index(
                models.F("tenant"),
                models.OrderBy(models.F("asked_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("state", "asked")),
                name="approval_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                models.F("tenant"), models.F("record"), models.F("position"), name="approval_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["waiting", "asked", "approved", "rejected", "skipped", "withdrawn"])
                ),
                name="approval_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(("rule__in", ["any", "all", "quorum"])), name="approval_rule"
            ),
        ),
        migrations.AddIndex(
            model_name="approver",
            index=models.Index(
                models.F("tenant"), models.F("member"), models.F("seated_at"), name="approver_of"
            ),
        ),
        migrations.AddIndex(
            model_name="approver",
            index=models.Index(
                models.F("tenant"),
                models.F("handed_to"),
                condition=models.Q(("handed_to__isnull", False)),
                name="approver_handed",
            ),
        ),
        migrations.AddIndex(
            model_name="approver",
            index=models.Index(
                models.F("tenant"),
                models.F("decided_by"),
                models.F("decided_at"),
                condition=models.Q(("decision", ""), _negated=True),
                name="approver_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="approver",
            constraint=models.UniqueConstraint(
                models.F("tenant"), models.F("approval"), models.F("member"), name="approver_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="approver",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision__in", ["", "approved", "rejected"])), name="approver_decision"
            ),
        ),
        migrations.AddConstraint(
            model_name="approver",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by__isnull", True), ("decision", "")),
                    ("decided_by__isnull", False),
                    _connector="OR",
                ),
                name="approver_decided_by",
            ),
        ),
        migrations.AddIndex(
            model_name="delegation",
            index=models.Index(
                models.F("tenant"), models.F("delegator"), models.F("last_day"), name="delegation_from"
            ),
        ),
        migrations.AddIndex(
            model_name="delegation",
            index=models.Index(
                models.F("tenant"), models.F("delegate"), models.F("last_day"), name="delegation_to"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))), name="delegation_days"
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(models.F("tenant"), models.F("approval"), name="question_of"),
        ),
        IsolateTable("approval", worker="r"),
        IsolateTable("approver", leaf=True),
        IsolateTable("question", leaf=True),
        IsolateTable("delegation", leaf=True),
    ]
