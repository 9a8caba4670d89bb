"""Full-text search behind a function: under row level security the index could not be used directly."""

from django.db import migrations

SEARCH = """
CREATE INDEX search_words ON records_searchdocument USING gin (tenant_id, words);
CREATE INDEX search_recent ON records_searchdocument (tenant_id, opened_at DESC);
REVOKE ALL ON records_searchdocument FROM itsm_app, itsm_supplier, itsm_report;

-- What the requester may read of a record, as search words: title, description, comments. Never a work note.
CREATE FUNCTION records_index(record uuid, at timestamptz, title text, description text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO records_searchdocument AS d (tenant_id, record_id, opened_at, words)
  SELECT current_setting('app.tenant_id')::int, record, at,
         setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', left(description, 20000)), 'B')
         || setweight(to_tsvector('english', coalesce((
              SELECT left(string_agg(c.body, ' ' ORDER BY c.written_at), 200000) FROM records_comment c
              WHERE c.tenant_id = current_setting('app.tenant_id')::int AND c.record_id = record), '')), 'C')
  ON CONFLICT (record_id) DO UPDATE SET words = excluded.words WHERE d.tenant_id = excluded.tenant_id
$$;
CREATE FUNCTION records_add_words(record uuid, said text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE records_searchdocument SET words = words || setweight(to_tsvector('english', left(said, 20000)), 'C')
  WHERE tenant_id = current_setting('app.tenant_id')::int AND record_id = record
$$;

-- The newest `most` records whose words hold all of `asked`, or whose number it is. Literals in the dynamic query let
-- the planner choose between the word index and the recency walk. Suppliers find what their provider may see, an end
-- user (`person`) what is theirs; the caller still joins the result to the records it may see.
CREATE FUNCTION records_search(asked text, most int, person uuid) RETURNS TABLE (record_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  tenant int := current_setting('app.tenant_id')::int;
  query tsquery := websearch_to_tsquery('english', asked);
  narrowing text := '';
BEGIN
  RETURN QUERY SELECT r.id FROM records_record r WHERE r.tenant_id = tenant AND r.number = upper(trim(asked));
  IF FOUND OR numnode(query) = 0 THEN RETURN; END IF;
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
REVOKE ALL ON FUNCTION records_index(uuid, timestamptz, text, text), records_add_words(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION records_index(uuid, timestamptz, text, text), records_add_words(uuid, text)
  TO itsm_app, itsm_supplier;
REVOKE ALL ON FUNCTION records_search(text, int, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION records_search(text, int, uuid) TO itsm_app, itsm_supplier;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [
        migrations.RunSQL(
            SEARCH,
            "DROP FUNCTION records_search(text, int, uuid), records_index(uuid, timestamptz, text, text),"
            " records_add_words(uuid, text);",
        )
    ]
