"""Where suppliers' systems are told of changes: writing it down, another secret, pausing, sending again."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from calling.public import check_url, new_secret
from exchange.models import Endpoint, Outgoing
from exchange.policy import DEFINE, require
from lifecycle.public import NotFoundError, RuleError, StaleVersionError
from people.models import Provider
from people.public import Actor, get_tenant, seal, unseal
from tenancy.public import current_tenant_id

PURPOSE = "exchange-endpoint"
# Both secrets sign in between, so that their side changes when it suits them.
OVERLAP = timedelta(days=2)


def define_endpoint(
    *,
    provider: Provider,
    url: str,
    timeout_seconds: int = 10,
    actor: Actor,
    seen_version: int | None = None,
) -> tuple[Endpoint, str]:
    """Say where a provider's system is told of changes. Returns the secret too when it is new, else "".

    Raises RuleError by field, StaleVersionError.
    """
    require(actor, DEFINE)
    wrong: dict[str, str] = {}
    if len(url) > 500:
        wrong["url"] = gettext("Use an address of 500 characters at most.")
    elif why := check_url(url, local=local_addresses()):
        wrong["url"] = why
    if not 1 <= timeout_seconds <= 30:
        wrong["timeout_seconds"] = gettext("Use 1 to 30 seconds.")
    if wrong:
        raise RuleError(gettext("Nothing can be told there."), fields=wrong)
    secret = new_secret()
    with transaction.atomic():
        terms = {"url": url, "timeout_seconds": timeout_seconds}
        first = {**terms, "secret": seal(secret, purpose=PURPOSE)}
        row, is_new = Endpoint.objects.get_or_create(provider=provider, defaults=first)
        if is_new:
            return row, secret
        row = _locked(provider, seen_version)
        row.url, row.timeout_seconds = url, timeout_seconds
        _save(row, "url", "timeout_seconds")
    return row, ""


def rotate_secret(
    *, provider: Provider, actor: Actor, at: datetime, seen_version: int | None = None
) -> tuple[Endpoint, str]:
    """Another secret; the old one signs too for two days from `at` (UTC). NotFoundError, StaleVersionError."""
    require(actor, DEFINE)
    secret = new_secret()
    with transaction.atomic():
        row = _locked(provider, seen_version)
        row.former_secret, row.former_until = row.secret, at + OVERLAP
        row.secret = seal(secret, purpose=PURPOSE)
        _save(row, "secret", "former_secret", "former_until")
    return row, secret


def pause(*, provider: Provider, reason: str, actor: Actor, seen_version: int | None = None) -> Endpoint:
    """Send nothing for now; what is made meanwhile waits in line. Raises RuleError without a reason."""
    require(actor, DEFINE)
    if not reason.strip() or len(reason) > 500:
        words = gettext("Say why, in %(most)s characters at most.") % {"most": 500}
        raise RuleError(words, fields={"reason": words})
    with transaction.atomic():
        row = _locked(provider, seen_version)
        row.paused_because = reason.strip()
        _save(row, "paused_because")
    return row


def resume(*, provider: Provider, actor: Actor, seen_version: int | None = None) -> Endpoint:
    """Send again, from where it stopped."""
    require(actor, DEFINE)
    with transaction.atomic():
        row = _locked(provider, seen_version)
        row.paused_because = ""
        _save(row, "paused_because")
    return row


def replay(
    *, provider: Provider, message: str, is_dropped: bool = False, actor: Actor, at: datetime
) -> Outgoing:
    """Put a dead message back in line, due at `at` (UTC), or let it go. Raises NotFoundError, RuleError if not dead."""
    require(actor, DEFINE)
    with transaction.atomic():
        rows = Outgoing.objects.select_for_update().filter(provider=provider)
        row = rows.filter(pk=message).first()
        if row is None:
            raise NotFoundError(gettext("There is no such message."))
        if row.status != Outgoing.Status.DEAD:
            raise RuleError(gettext("Only a message that was given up can be sent again, or let go."))
        if not is_dropped and not row.body:
            raise RuleError(gettext("It could not be worded: mend the mapping and let it go."))
        row.status = Outgoing.Status.DROPPED if is_dropped else Outgoing.Status.PENDING
        row.attempts, row.next_at = 0, at
        row.ended_at = at if is_dropped else None
        row.save(update_fields=["status", "attempts", "next_at", "ended_at"])
    return row


def secrets_of(endpoint: Endpoint, at: datetime) -> tuple[str, ...]:
    """What its messages are signed with at `at` (UTC), the newest first."""
    found = [unseal(endpoint.secret, purpose=PURPOSE)]
    if endpoint.former_until is not None and at < endpoint.former_until:
        found.append(unseal(endpoint.former_secret, purpose=PURPOSE))
    return tuple(found)


def local_addresses() -> list[str]:
    """The "host:port" of this machine that endpoints of the tenant in scope may be: none but in a demonstration."""
    if not settings.AUTOMATION_LOCAL:
        return []
    prefix = f"{get_tenant(current_tenant_id()).code}/"
    return [each.removeprefix(prefix) for each in settings.AUTOMATION_LOCAL if each.startswith(prefix)]


def _locked(provider: Provider, seen_version: int | None) -> Endpoint:
    row = Endpoint.objects.select_for_update(no_key=True).filter(provider=provider).first()
    if row is None:
        raise NotFoundError(gettext("This supplier's system is not told of anything."))
    if seen_version not in (None, row.version):
        raise StaleVersionError(
            gettext("Somebody else changed it after you read it. Nothing was saved."),
            seen=seen_version or 0,
            current=row.version,
            changes=[],
        )
    return row


def _save(row: Endpoint, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version"])
