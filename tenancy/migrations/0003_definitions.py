"""A version of each tenant's definitions, new with every change of one."""

from django.db import migrations, models

FUNCTION = """
CREATE SEQUENCE tenancy_definitions_versions;
CREATE FUNCTION tenancy_definitions_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE tenancy_tenant SET definitions_version = nextval('tenancy_definitions_versions')
  WHERE id = coalesce(NEW.tenant_id, OLD.tenant_id);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION tenancy_definitions_changed() FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0002_isolation")]

    operations = [
        migrations.AddField(
            "tenant", "definitions_version", models.BigIntegerField(default=0, editable=False)
        ),
        migrations.RunSQL(
            FUNCTION,
            "DROP FUNCTION tenancy_definitions_changed(); DROP SEQUENCE tenancy_definitions_versions;",
        ),
    ]
