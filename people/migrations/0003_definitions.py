"""Organisations, providers, groups and roles are versioned definitions; an API client learns the version of its tenant."""

from django.db import migrations

from tenancy.engine.definitions import version_definitions

KNOWN_CLIENT = """
DROP FUNCTION people_client_of_token(text);
CREATE FUNCTION people_client_of_token(token_hash text)
RETURNS TABLE (tenant_id int, id uuid, name text, provider_id uuid, provider_name text, reach text,
               permissions text[], groups uuid[], definitions_version bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.tenant_id, c.id, c.name::text, p.id, p.name::text, r.reach::text, r.permissions,
         ARRAY(SELECT g.id FROM people_supportgroup g WHERE g.tenant_id = c.tenant_id AND g.provider_id = p.id),
         n.definitions_version
  FROM allauth_idp_oidc_token t
  JOIN people_apiclient c ON c.client_id = t.client_id AND c.is_active
  JOIN people_provider p ON p.id = c.provider_id
  JOIN people_role r ON r.id = c.role_id
  JOIN tenancy_tenant n ON n.id = c.tenant_id
  WHERE t.type = 'at' AND t.hash = token_hash AND (t.expires_at IS NULL OR t.expires_at > now())
$$;
REVOKE ALL ON FUNCTION people_client_of_token(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people_client_of_token(text) TO itsm_app;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_doors"), ("tenancy", "0003_definitions")]

    operations = [
        version_definitions("people_organisation", "people_provider", "people_supportgroup", "people_role"),
        migrations.RunSQL(KNOWN_CLIENT, migrations.RunSQL.noop),
    ]
