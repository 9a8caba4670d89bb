"""Every read of hooks, their hosts and their deliveries."""

from django.db.models import QuerySet
from django.utils.translation import gettext

from lifecycle.public import NotFoundError
from requests_app.models import AllowedHost, Hook, HookDelivery

SHOWN = 25


def all_hooks() -> QuerySet[Hook]:
    """Every hook of the tenant in scope."""
    return Hook.objects.all()


def get_hook(code: str) -> Hook:
    """The hook with this code. Raises NotFoundError."""
    hook = Hook.objects.filter(code=code).first()
    if hook is None:
        raise NotFoundError(gettext("There is no such hook."))
    return hook


def last_deliveries(hook: Hook, *, most: int = SHOWN) -> list[HookDelivery]:
    """The newest calls of a hook, the newest first."""
    return list(HookDelivery.objects.filter(hook=hook).order_by("-sent_at", "-id")[:most])


def allowed_hosts() -> list[str]:
    """The hosts that hooks may name, by name."""
    return list(AllowedHost.objects.order_by("host").values_list("host", flat=True))
