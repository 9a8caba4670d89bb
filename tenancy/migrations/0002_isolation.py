"""The machine audit and the seals, guarded by the database itself."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION tenancy_write_machine_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  old_row jsonb; new_row jsonb; changes jsonb; row_now jsonb;
BEGIN
  IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW); END IF;
  row_now := coalesce(new_row, old_row);
  IF TG_OP = 'UPDATE' THEN
    SELECT jsonb_object_agg(n.key, jsonb_build_array(old_row -> n.key, n.value)) INTO changes
    FROM jsonb_each(new_row) n WHERE n.value IS DISTINCT FROM old_row -> n.key;
    IF changes IS NULL THEN RETURN NULL; END IF;
  ELSE
    changes := jsonb_strip_nulls(row_now) - 'id' - 'tenant_id';
  END IF;
  INSERT INTO tenancy_machineentry (tenant_id, at, xid, table_name, row_id, operation, actor, changes)
  VALUES ((row_now ->> 'tenant_id')::int, clock_timestamp(), pg_current_xact_id()::text::bigint, TG_TABLE_NAME,
          (row_now ->> TG_ARGV[0])::uuid, left(TG_OP, 1), coalesce(current_setting('app.actor', true), ''), changes);
  RETURN NULL;
END $$;

CREATE FUNCTION tenancy_refuse_rewrite() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""

GUARD = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY {table}_app ON {table} TO itsm_app USING (tenant_id = current_setting('app.tenant_id')::int);
CREATE POLICY {table}_report ON {table} FOR SELECT TO itsm_report USING (true);
CREATE POLICY {table}_worker ON {table} TO itsm_worker USING (true);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM itsm_app;
GRANT SELECT ON {table} TO itsm_report, itsm_worker;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION tenancy_refuse_rewrite();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION tenancy_refuse_rewrite();
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_initial")]

    operations = [
        migrations.RunSQL(
            FUNCTIONS,
            "DROP FUNCTION tenancy_write_machine_entry(); DROP FUNCTION tenancy_refuse_rewrite() CASCADE;",
        ),
        migrations.RunSQL(GUARD.format(table="tenancy_machineentry"), migrations.RunSQL.noop),
        migrations.RunSQL(
            GUARD.format(table="tenancy_seal") + "GRANT INSERT ON tenancy_seal TO itsm_worker;"
            "GRANT SELECT ON tenancy_tenant TO itsm_worker, itsm_report, itsm_supplier;",
            migrations.RunSQL.noop,
        ),
    ]
