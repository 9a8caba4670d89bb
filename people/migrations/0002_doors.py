"""The two look-ups that find a tenant before one is in scope."""

from django.db import migrations

DOORS = """
CREATE FUNCTION people_places_of(person uuid) RETURNS TABLE (tenant_id int, code text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.id, t.code::text, t.name::text FROM people_membership m JOIN tenancy_tenant t ON t.id = m.tenant_id
  WHERE m.person_id = person AND m.is_active
$$;
REVOKE ALL ON FUNCTION people_places_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people_places_of(uuid) TO itsm_app;

CREATE FUNCTION people_client_of_token(token_hash text)
RETURNS TABLE (tenant_id int, id uuid, name text, provider_id uuid, provider_name text, reach text,
               permissions text[], groups uuid[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.tenant_id, c.id, c.name::text, p.id, p.name::text, r.reach::text, r.permissions,
         ARRAY(SELECT g.id FROM people_supportgroup g WHERE g.tenant_id = c.tenant_id AND g.provider_id = p.id)
  FROM allauth_idp_oidc_token t
  JOIN people_apiclient c ON c.client_id = t.client_id AND c.is_active
  JOIN people_provider p ON p.id = c.provider_id
  JOIN people_role r ON r.id = c.role_id
  WHERE t.type = 'at' AND t.hash = token_hash AND (t.expires_at IS NULL OR t.expires_at > now())
$$;
REVOKE ALL ON FUNCTION people_client_of_token(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people_client_of_token(text) TO itsm_app;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("allauth_idp_oidc", "0001_initial")]

    operations = [
        migrations.RunSQL(
            DOORS, "DROP FUNCTION people_places_of(uuid); DROP FUNCTION people_client_of_token(text);"
        )
    ]
