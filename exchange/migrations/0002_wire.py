"""What a supplier's role may do to the wire: hand on to others' systems, which it cannot see, and acknowledge its own."""

from django.db import migrations

from tenancy.engine.definitions import version_definitions

WIRE = """
CREATE FUNCTION exchange_integrated() RETURNS TABLE (provider uuid, process text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.provider_id, a.process FROM suppliers_agreement a
  WHERE a.tenant_id = current_setting('app.tenant_id')::int AND a.level = 'integrate'
    AND EXISTS (SELECT FROM exchange_endpoint e WHERE e.tenant_id = a.tenant_id AND e.provider_id = a.provider_id)
$$;

CREATE FUNCTION exchange_hand_over(record uuid, provider uuid, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO exchange_counterpart
    (id, tenant_id, record_id, provider_id, their_reference, handed_at, known, last_sequence)
  VALUES (uuidv7(), current_setting('app.tenant_id')::int, $1, $2, '', $3, '{}', 0)
  ON CONFLICT (tenant_id, provider_id, record_id) DO UPDATE SET handed_at = excluded.handed_at, acknowledged_at = NULL
$$;

CREATE FUNCTION exchange_acknowledge(record uuid, provider uuid, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE exchange_counterpart c SET acknowledged_at = $3
  WHERE c.tenant_id = current_setting('app.tenant_id')::int AND c.record_id = $1 AND c.provider_id = $2
    AND c.acknowledged_at IS NULL
$$;

CREATE FUNCTION exchange_heard(record uuid, reference text, sequence bigint, known jsonb) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH heard AS (
    UPDATE exchange_counterpart c
    SET last_sequence = greatest(c.last_sequence, coalesce($3, 0)),
      their_reference = CASE WHEN $2 = '' THEN c.their_reference ELSE $2 END,
      known = CASE WHEN $4 IS NULL THEN c.known ELSE $4 END
    WHERE c.tenant_id = current_setting('app.tenant_id')::int AND c.record_id = $1
      AND c.provider_id = current_setting('app.provider_id')::uuid
      AND ($3 IS NULL OR c.last_sequence < $3)
    RETURNING 1)
  SELECT EXISTS (SELECT FROM heard)
$$;

REVOKE ALL ON FUNCTION exchange_integrated(), exchange_hand_over(uuid, uuid, timestamptz),
  exchange_acknowledge(uuid, uuid, timestamptz), exchange_heard(uuid, text, bigint, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exchange_integrated(), exchange_hand_over(uuid, uuid, timestamptz),
  exchange_acknowledge(uuid, uuid, timestamptz), exchange_heard(uuid, text, bigint, jsonb)
  TO itsm_app, itsm_supplier;
"""
UNDO = """
DROP FUNCTION exchange_integrated();
DROP FUNCTION exchange_hand_over(uuid, uuid, timestamptz);
DROP FUNCTION exchange_acknowledge(uuid, uuid, timestamptz);
DROP FUNCTION exchange_heard(uuid, text, bigint, jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_initial"),
        ("suppliers", "0002_agreements"),
        ("tenancy", "0003_definitions"),
    ]

    operations = [
        migrations.RunSQL(WIRE, UNDO),
        version_definitions("suppliers_agreement", "exchange_endpoint"),
    ]
