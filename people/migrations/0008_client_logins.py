"""API clients may be given a name and a password, for tools that know no OAuth."""

import django.db.models.deletion
from django.db import migrations, models

import tenancy.engine.identity
import tenancy.engine.scope
import tenancy.models
from tenancy.engine.operations import AllowReferences, IsolateTable

_COLUMNS = """
  RETURNS TABLE (tenant_id int, id uuid, name text, provider_id uuid, provider_name text, reach text,
                 permissions text[], groups uuid[], definitions_version bigint, has_login boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.tenant_id, c.id, c.name::text, p.id, p.name::text, r.reach::text, r.permissions,
         ARRAY(SELECT g.id FROM people_supportgroup g WHERE g.tenant_id = c.tenant_id AND g.provider_id = p.id),
         n.definitions_version, l.id IS NOT NULL
"""
_JOINED = """
  JOIN people_provider p ON p.id = c.provider_id
  JOIN people_role r ON r.id = c.role_id
  JOIN tenancy_tenant n ON n.id = c.tenant_id
"""
KNOWN_CLIENT = f"""
DROP FUNCTION people_client_of_token(text);
CREATE FUNCTION people_client_of_token(token_hash text) {_COLUMNS}
  FROM allauth_idp_oidc_token t
  JOIN people_apiclient c ON c.client_id = t.client_id AND c.is_active
  {_JOINED}
  LEFT JOIN people_clientlogin l ON l.client_id = c.id
  WHERE t.type = 'at' AND t.hash = token_hash AND (t.expires_at IS NULL OR t.expires_at > now())
$$;
REVOKE ALL ON FUNCTION people_client_of_token(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people_client_of_token(text) TO itsm_app;

CREATE FUNCTION people_client_of_login(login text, digest text) {_COLUMNS}
  FROM people_clientlogin l
  JOIN people_apiclient c ON c.id = l.client_id AND c.is_active
  {_JOINED}
  WHERE l.secret_hash = digest AND login IN ('', l.name, c.client_id)
$$;
REVOKE ALL ON FUNCTION people_client_of_login(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people_client_of_login(text, text) TO itsm_app;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0007_hook_roles")]

    operations = [
        migrations.CreateModel(
            name="ClientLogin",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.engine.identity.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "name",
                    models.CharField(help_text="begins with the tenant's code", max_length=160, unique=True),
                ),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("allowed_at", models.DateTimeField()),
                ("allowed_by_name", models.CharField(max_length=200)),
                (
                    "client",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.apiclient",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.engine.scope.current_tenant_id,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(models.F("tenant"), models.F("client"), name="client_login_once")
                ],
            },
        ),
        AllowReferences("apiclient"),
        IsolateTable("clientlogin", leaf=True),
        migrations.RunSQL(KNOWN_CLIENT, migrations.RunSQL.noop),
    ]
