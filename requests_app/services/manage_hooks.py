"""What the tenant's staff do with hooks: write them down, change them, give them another secret, allow hosts."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from calling.public import host_of, new_secret
from lifecycle.public import RuleError, StaleVersionError
from outbox.public import publish
from people.public import Actor, seal
from records.public import require
from requests_app.models import AllowedHost, Hook
from requests_app.policy import DEFINE_HOOKS
from requests_app.services.hook_calls import sample_call
from requests_app.services.hooks import (
    PURPOSE,
    allow_host,
    define_hook,
    wrong_with_hook,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HookTerms:
    """All of a hook but its code and its secret."""

    name: str
    url: str
    timeout_seconds: int = 10
    answers_later: bool = True
    is_active: bool = True


def create_hook(*, code: str, terms: HookTerms, actor: Actor) -> tuple[Hook, str]:
    """A new hook, and its secret, which nobody is told again. Raises RuleError naming each field that is wrong."""
    require(actor, DEFINE_HOOKS)
    if code == "new" or Hook.objects.filter(code=code).exists():
        raise RuleError(
            gettext("The hook cannot be like this."),
            fields={"code": gettext("There is a hook with this code already.")},
        )
    secret = new_secret()
    with transaction.atomic():
        hook = define_hook(
            code=code,
            name=terms.name,
            url=terms.url,
            secret=secret,
            timeout_seconds=terms.timeout_seconds,
        )
        hook.answers_later, hook.is_active = terms.answers_later, terms.is_active
        hook.save(update_fields=["answers_later", "is_active"])
    return hook, secret


def change_hook(*, hook: Hook, terms: HookTerms, actor: Actor, seen_version: int | None = None) -> Hook:
    """Change a hook; what is sent from now on goes by it. Raises RuleError and StaleVersionError."""
    require(actor, DEFINE_HOOKS)
    with transaction.atomic():
        row = _locked(hook, seen_version)
        wrong = wrong_with_hook(name=terms.name, url=terms.url, timeout_seconds=terms.timeout_seconds)
        if wrong:
            raise RuleError(gettext("The hook cannot be like this."), fields=wrong)
        row.name, row.url, row.timeout_seconds = terms.name.strip(), terms.url, terms.timeout_seconds
        row.answers_later, row.is_active = terms.answers_later, terms.is_active
        row.version += 1
        row.save()
    return row


def rotate_secret(*, hook: Hook, actor: Actor, seen_version: int | None = None) -> tuple[Hook, str]:
    """Another secret, at once: calls signed with the old one end here. Nobody is told it again.

    Raises StaleVersionError.
    """
    require(actor, DEFINE_HOOKS)
    secret = new_secret()
    with transaction.atomic():
        row = _locked(hook, seen_version)
        row.secret = seal(secret, purpose=PURPOSE)
        row.version += 1
        row.save(update_fields=["secret", "version"])
    return row, secret


def ask_test(*, hook: Hook, actor: Actor, at: datetime) -> None:
    """Have a test sent in the background. Raises RuleError when the hook cannot be called."""
    require(actor, DEFINE_HOOKS)
    if not hook.is_active:
        raise RuleError(gettext("The hook is switched off."))
    sample_call(hook=hook, email=actor.email, at=at)
    with transaction.atomic():
        payload = {"hook": str(hook.pk), "email": actor.email}
        publish(kind="hook.test_asked", record_id=None, at=at, payload=payload)


def let_call(*, host: str, actor: Actor) -> AllowedHost:
    """Let hooks name a host. Raises RuleError."""
    require(actor, DEFINE_HOOKS)
    return allow_host(host)


def forbid_host(*, host: str, actor: Actor) -> None:
    """Hooks may not name a host any more; those that do are not called. One that is gone already is no error."""
    require(actor, DEFINE_HOOKS)
    AllowedHost.objects.filter(host=host).delete()


def hooks_at(host: str) -> list[Hook]:
    """The hooks that name a host, by name."""
    return [hook for hook in Hook.objects.order_by("name", "id") if host_of(hook.url) == host]


def _locked(hook: Hook, seen_version: int | None) -> Hook:
    row = Hook.objects.select_for_update(no_key=True).get(pk=hook.pk)
    if seen_version not in (None, row.version):
        raise StaleVersionError(
            gettext("The hook changed after you read it. Nothing was saved."),
            seen=seen_version or 0,
            current=row.version,
            changes=[],
        )
    return row
