"""Administrators of tenants that were there before learn to define hooks."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0006_approval_roles")]

    operations = [
        migrations.RunSQL(
            # Only where it is missing, so that nothing is there twice.
            "UPDATE people_role SET permissions = permissions || ARRAY['hook:define']"
            " WHERE code = 'administrator' AND 'hook:define' <> ALL(permissions);",
            migrations.RunSQL.noop,
        )
    ]
