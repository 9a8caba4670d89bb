"""Since when a tenant exists: no promise can have held before."""

from django.db import migrations, models
from django.db.models.functions import Now

# Of tenants that exist already, their first row change tells.
FIRST_TRACE = """
UPDATE tenancy_tenant t SET created_at = coalesce(
  (SELECT m.at FROM tenancy_machineentry m WHERE m.tenant_id = t.id ORDER BY m.xid, m.id LIMIT 1), t.created_at)
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0003_definitions")]

    operations = [
        migrations.AddField("tenant", "created_at", models.DateTimeField(db_default=Now(), editable=False)),
        migrations.RunSQL(FIRST_TRACE, migrations.RunSQL.noop),
    ]
