"""A month of the audit is found without reading the rest."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0006_attachment_references"),
        ("tenancy", "0004_tenant_created_at"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="auditentry",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["at"], name="audit_entry_at"
            ),
        ),
    ]
