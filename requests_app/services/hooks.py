"""Hooks of a tenant, and the hosts that they may name."""

import re

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext

from calling.public import check_url, host_of, is_secret, new_secret
from lifecycle.public import RuleError
from people.public import get_tenant, seal, unseal
from requests_app.models import AllowedHost, Hook
from tenancy.public import current_tenant_id

PURPOSE = "automation-hook"
_CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_HOST = re.compile(r"[a-z0-9.-]{1,253}")


def allow_host(host: str) -> AllowedHost:
    """Let hooks name a host. Called by who sets a tenant up. Raises RuleError."""
    name = host.strip().lower()
    if not _HOST.fullmatch(name):
        raise RuleError(
            gettext("There is no such host."),
            fields={"host": gettext("Use a host name such as api.example.org.")},
        )
    return AllowedHost.objects.get_or_create(host=name)[0]


def define_hook(*, code: str, name: str, url: str, secret: str = "", timeout_seconds: int = 10) -> Hook:
    """A hook, new or with this code already. Without a secret it gets one, which `secret_of` tells.

    Raises RuleError naming each field that is wrong.
    """
    wrong = wrong_with_hook(name=name, url=url, timeout_seconds=timeout_seconds)
    if not _CODE.fullmatch(code) or len(code) > 60:
        wrong["code"] = gettext("Use small letters, digits and hyphens, 60 characters at most.")
    made = secret or new_secret()
    if not is_secret(made):
        wrong["secret"] = gettext("Use whsec_ and 24 to 64 bytes in base64.")
    if wrong:
        raise RuleError(gettext("The hook cannot be like this."), fields=wrong)
    values = {"name": name.strip(), "url": url, "timeout_seconds": timeout_seconds, "is_active": True}
    hook, is_new = Hook.objects.get_or_create(
        code=code, defaults=values | {"secret": seal(made, purpose=PURPOSE)}
    )
    if not is_new:
        if secret:
            values["secret"] = seal(secret, purpose=PURPOSE)
        Hook.objects.filter(pk=hook.pk).update(**values, version=F("version") + 1)
        hook.refresh_from_db()
    return hook


def wrong_with_hook(*, name: str, url: str, timeout_seconds: int) -> dict[str, str]:
    """What is wrong with a hook that is to be like this, by field."""
    wrong: dict[str, str] = {}
    if not name.strip() or len(name) > 200:
        wrong["name"] = gettext("Enter a name, 200 characters at most.")
    if len(url) > 500:
        wrong["url"] = gettext("Use an address of 500 characters at most.")
    elif why := check_url(url, local=local_addresses()):
        wrong["url"] = why
    elif not is_allowed(url):
        wrong["url"] = gettext("This host is not on the list of those that may be called.")
    if not 1 <= timeout_seconds <= 60:
        wrong["timeout_seconds"] = gettext("Use 1 to 60 seconds.")
    return wrong


def local_addresses() -> list[str]:
    """The "host:port" of this machine that hooks of the tenant in scope may call: none but in a demonstration."""
    if not settings.AUTOMATION_LOCAL:
        return []
    prefix = f"{get_tenant(current_tenant_id()).code}/"
    return [each.removeprefix(prefix) for each in settings.AUTOMATION_LOCAL if each.startswith(prefix)]


def hook_addresses() -> dict[str, str]:
    """The address of each hook of the tenant in scope, by code."""
    return dict(Hook.objects.values_list("code", "url"))


def is_allowed(url: str) -> bool:
    """Whether the tenant allows the host of an address."""
    return AllowedHost.objects.filter(host=host_of(url)).exists()


def secret_of(hook: Hook) -> str:
    """What its calls are signed with."""
    return unseal(hook.secret, purpose=PURPOSE)
