"""Writing a message with its deliveries in one statement, and waking the dispatcher."""

from django.db import migrations

PUBLISH = """
ALTER TABLE outbox_delivery ALTER COLUMN attempts SET DEFAULT 0, ALTER COLUMN error SET DEFAULT '';

CREATE FUNCTION outbox_publish(kind text, record uuid, payload jsonb, at timestamptz, subscribers text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH message AS (
    INSERT INTO outbox_message (tenant_id, kind, record_id, payload, at)
    VALUES (current_setting('app.tenant_id')::int, kind, record, payload, at) RETURNING id, tenant_id)
  INSERT INTO outbox_delivery (tenant_id, message_id, subscriber, lane, status, next_at)
  SELECT m.tenant_id, m.id, s.name, coalesce(record, gen_random_uuid()), 'pending', now()
  FROM message m CROSS JOIN unnest(subscribers) AS s(name)
$$;
REVOKE ALL ON FUNCTION outbox_publish(text, uuid, jsonb, timestamptz, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION outbox_publish(text, uuid, jsonb, timestamptz, text[]) TO itsm_app, itsm_supplier;

CREATE FUNCTION outbox_wake() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN NOTIFY outbox; RETURN NULL; END $$;
CREATE TRIGGER outbox_delivery_wake AFTER INSERT ON outbox_delivery
  FOR EACH STATEMENT EXECUTE FUNCTION outbox_wake();
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO itsm_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [
        migrations.RunSQL(
            PUBLISH,
            "DROP FUNCTION outbox_publish(text, uuid, jsonb, timestamptz, text[]); DROP FUNCTION outbox_wake() CASCADE;",
        )
    ]
