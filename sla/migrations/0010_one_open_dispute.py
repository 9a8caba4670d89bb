"""One open dispute of a provider about the same, and one more about what was ruled."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tenancy.models

REFERENCE = """
ALTER TABLE sla_dispute ADD CONSTRAINT sla_dispute_tenant_key UNIQUE (tenant_id, id);
ALTER TABLE sla_dispute ADD CONSTRAINT sla_dispute_follows_id_tenant_fk FOREIGN KEY (tenant_id, follows_id)
  REFERENCES sla_dispute (tenant_id, id) DEFERRABLE INITIALLY DEFERRED;
"""
NO_REFERENCE = """
ALTER TABLE sla_dispute DROP CONSTRAINT sla_dispute_follows_id_tenant_fk;
ALTER TABLE sla_dispute DROP CONSTRAINT sla_dispute_tenant_key;
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0009_disputes")]

    operations = [
        migrations.AddField(
            "dispute",
            "follows",
            tenancy.models.TenantForeignKey(
                db_index=False,
                help_text="the dispute ruled before, on new evidence",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="sla.dispute",
            ),
        ),
        migrations.RunSQL(REFERENCE, NO_REFERENCE),
        migrations.AddConstraint(
            "dispute",
            django.contrib.postgres.constraints.ExclusionConstraint(
                name="dispute_open_stretch",
                expressions=(
                    ("tenant", "="),
                    ("record", "="),
                    ("provider", "="),
                    (
                        models.Func(
                            "started_at",
                            "ended_at",
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ),
                condition=models.Q(state="raised", started_at__isnull=False),
            ),
        ),
        migrations.AddConstraint(
            "dispute",
            models.UniqueConstraint(
                fields=("tenant", "record", "provider", "target_version", "party", "matched_at"),
                name="dispute_open_verdict",
                condition=models.Q(state="raised", matched_at__isnull=False),
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            "dispute",
            models.UniqueConstraint(
                fields=("tenant", "follows"),
                name="dispute_followed_once",
                condition=models.Q(follows__isnull=False) & ~models.Q(state="withdrawn"),
            ),
        ),
    ]
