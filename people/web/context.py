"""What every template may know: who reads, and in which tenant."""

from typing import Any

from django.http import HttpRequest

from people.queries import get_tenant, tenant_by_host


def who_and_where(request: HttpRequest) -> dict[str, Any]:
    """Template context: actor, tenant, preferences, csp_nonce."""
    actor = getattr(request, "actor", None)
    tenant = getattr(request, "tenant", None)
    if actor and (tenant is None or tenant.pk != actor.tenant_id):
        tenant = get_tenant(actor.tenant_id)
    elif tenant is None:
        tenant = tenant_by_host(request.get_host().split(":")[0].lower())
    # Whoever asks for it later on the page need not read it again.
    request.tenant = tenant  # type: ignore[attr-defined]
    user = getattr(request, "user", None)
    return {
        "actor": actor,
        "tenant": tenant,
        # The address changes with what the sheet says, so that no browser shows one tenant in another's colours.
        "theme_url": f"/theme.css?v={tenant.pk}{tenant.brand_colour.strip('#')}" if tenant else "/theme.css",
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "preferences": {
            "theme": getattr(user, "theme", "auto"),
            "density": getattr(user, "density", "comfortable"),
            "shortcuts": getattr(user, "shortcuts_enabled", True),
        },
    }
