"""The standard roles of tenants that were there before learn to see to it that approvals go on."""

from django.db import migrations

_LEARN = ("service-desk", "service-management", "administrator", "desk-system")
_PERMISSIONS = "ARRAY['approval:read', 'approval:assign']"


class Migration(migrations.Migration):
    dependencies = [("people", "0005_request_roles")]

    operations = [
        migrations.RunSQL(
            "".join(
                # Only what is missing, so that a tenant's own additions stay and nothing is there twice.
                f"UPDATE people_role SET permissions = permissions || ARRAY(SELECT p FROM unnest({_PERMISSIONS}) p"  # noqa: S608  constants
                f" WHERE p <> ALL(permissions)) WHERE code = '{role}';\n"
                for role in _LEARN
            ),
            migrations.RunSQL.noop,
        )
    ]
