"""Who answers for what a person asks for."""

import django.db.models.deletion
from django.db import migrations

import tenancy.models
from tenancy.engine.operations import ReferTenantRow


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_definitions"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="manager",
            field=tenancy.models.TenantForeignKey(
                blank=True,
                db_index=False,
                help_text="who answers for what this person asks for",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.membership",
            ),
        ),
        ReferTenantRow("membership", "manager"),
    ]
