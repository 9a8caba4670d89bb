"""The standard roles of tenants that were there before learn to request, approve and fulfil."""

from django.db import migrations

_REQUESTER = (
    "request:make",
    "request:read",
    "request:comment",
    "request:attach",
    "request:reopen",
    "request:cancel",
    "request:confirm",
    "request:watch",
    "approval:decide",
)
_WORK = (
    *_REQUESTER,
    "request:note",
    "request:link",
    "task:read",
    "task:comment",
    "task:note",
    "task:attach",
    "task:assign",
    "task:work",
)
_DESK = (*_WORK, "request:make-for", "request:close", "task:skip")
_LEARN = {
    "end-user": _REQUESTER,
    "service-desk": _DESK,
    "resolver": _WORK,
    "service-management": (*_DESK, "offering:define"),
    "administrator": (*_DESK, "offering:define"),
    "supplier-system": _WORK,
    "desk-system": _DESK,
}


def _teach(role: str, permissions: tuple[str, ...]) -> str:
    words = ", ".join(f"'{permission}'" for permission in permissions)
    # Only what is missing, so that a tenant's own additions stay and nothing is there twice.
    return (
        f"UPDATE people_role SET permissions = permissions || ARRAY(SELECT p FROM unnest(ARRAY[{words}]) p"  # noqa: S608  constants
        f" WHERE p <> ALL(permissions)) WHERE code = '{role}';\n"
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0004_managers")]

    operations = [
        migrations.RunSQL(
            "".join(_teach(role, permissions) for role, permissions in _LEARN.items()), migrations.RunSQL.noop
        )
    ]
