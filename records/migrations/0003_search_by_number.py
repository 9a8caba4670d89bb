"""Search by number and by words at once.

A number that exists used to end the search, so that records which mention it were not found, and a supplier or end user
could tell from that whether a record they may not see exists.
"""

from django.db import migrations

SEARCH = """
CREATE OR REPLACE FUNCTION records_search(asked text, most int, person uuid) RETURNS TABLE (record_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  tenant int := current_setting('app.tenant_id')::int;
  query tsquery := websearch_to_tsquery('english', asked);
  narrowing text := '';
BEGIN
  RETURN QUERY SELECT r.id FROM records_record r WHERE r.tenant_id = tenant AND r.number = upper(trim(asked));
  IF numnode(query) = 0 THEN RETURN; END IF;
  IF current_setting('role') = 'itsm_supplier' THEN
    narrowing := format(' AND d.record_id IN (SELECT p.record_id FROM records_recordparty p WHERE p.tenant_id = %s'
                        ' AND p.provider_id = %L::uuid)', tenant, current_setting('app.provider_id'));
  END IF;
  IF person IS NOT NULL THEN
    narrowing := narrowing || format(' AND d.record_id IN (SELECT p.record_id FROM records_recordperson p'
                        ' WHERE p.tenant_id = %s AND p.membership_id = %L::uuid)', tenant, person);
  END IF;
  RETURN QUERY EXECUTE format(
    'SELECT d.record_id FROM records_searchdocument d WHERE d.tenant_id = %s AND d.words @@ %L::tsquery%s'
    ' ORDER BY d.opened_at DESC LIMIT %s', tenant, query, narrowing, most);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0002_search")]

    operations = [migrations.RunSQL(SEARCH, migrations.RunSQL.noop)]
