"""What a hook is sent, signed; and sending it, with a line in the list of its deliveries."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from calling.public import CallRefusedError, CallUnreachableError, Reply, encode, post, signed_headers
from lifecycle.public import RuleError
from people.public import get_tenant, site_of
from requests_app.engine.outcomes import Outcome, outcome_of
from requests_app.models import Hook, HookDelivery
from requests_app.services.hooks import is_allowed, local_addresses, secret_of
from tenancy.public import current_tenant_id

_KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Call:
    """Exactly what would be sent, to where."""

    hook: Hook
    key: str
    url: str
    headers: Mapping[str, str]
    body: bytes

    def text(self) -> str:
        """The request as somebody reads it; the body is sent without its spaces."""
        heads = (f"{name}: {value}" for name, value in self.headers.items())
        body = json.dumps(json.loads(self.body), indent=2, ensure_ascii=False)
        return "\n".join((f"POST {self.url}", *heads, "", body))


def signed_call(hook: Hook, *, key: str, data: Mapping[str, Any], at: datetime) -> Call:
    """The call that tells a hook `data` under a key. Raises CallRefusedError for a host not allowed."""
    if not is_allowed(hook.url):
        raise CallRefusedError(gettext("Its host is not on the list of those that may be called."))
    body = encode({"key": key} | dict(data))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "User-Agent": "itsm-automation",
        **signed_headers(secret=secret_of(hook), message_id=key, timestamp=int(at.timestamp()), body=body),
    }
    return Call(hook, key, hook.url, headers, body)


def callback_address(token: str) -> str:
    """Where the tenant in scope is called back."""
    return f"{site_of(get_tenant(current_tenant_id()))}/api/v1/automation/{token}/"


def sample_call(*, hook: Hook, email: str, at: datetime) -> Call:
    """The call that a test sends: like that of a task, for a request that does not exist. Nothing is sent.

    Raises RuleError when the hook may not be called.
    """
    data = {
        "test": True,
        "task": "TSK0000000",
        "request": "REQ0000000",
        "code": "test",
        "for": email,
        "answers": {},
        "send": {},
        # Of no run: whoever calls back is told that there is none.
        "callback": callback_address("0" * 64),
    }
    try:
        return signed_call(hook, key=f"TEST-{at:%Y%m%d%H%M%S%f}", data=data, at=at)
    except CallRefusedError as refused:
        raise RuleError(str(refused)) from refused


def send(call: Call, *, is_test: bool, read_time: Callable[[], datetime]) -> Outcome:
    """Send it, note what was answered, and say what that means. Takes up to the hook's time; not for web requests."""
    reply: Reply | None = None
    began = read_time()
    try:
        reply = post(
            call.url,
            body=call.body,
            headers=call.headers,
            timeout=call.hook.timeout_seconds,
            local=local_addresses(),
        )
        outcome = outcome_of(reply.status, reply.headers, reply.body, is_cut=reply.is_cut)
    except CallRefusedError as refused:
        outcome = Outcome(state="failed", reason=str(refused))
    except CallUnreachableError as error:
        outcome = Outcome(state="again", reason=str(error))
    if outcome.state == "running" and not call.hook.answers_later:
        words = gettext("It says that it answers later, which this hook does not.")
        outcome = replace(outcome, state="failed", reason=words)
    HookDelivery.objects.create(
        hook=call.hook,
        sent_at=began,
        key=call.key,
        is_test=is_test,
        status=reply.status if reply else None,
        result=outcome.state,
        reason=outcome.reason[:500],
        milliseconds=max(0, int((read_time() - began) / timedelta(milliseconds=1))),
    )
    return outcome


def send_test(*, hook_id: UUID, email: str, read_time: Callable[[], datetime]) -> str:
    """Send a test; what came of it is the newest of the hook's deliveries. Returns its result."""
    hook = Hook.objects.filter(pk=hook_id, is_active=True).first()
    if hook is None:
        return gettext("not due")
    return send(sample_call(hook=hook, email=email, at=read_time()), is_test=True, read_time=read_time).state


def forget_deliveries(*, at: datetime) -> int:
    """Forget, in the tenant in scope, the deliveries of a month before `at` (UTC) and earlier."""
    return HookDelivery.objects.filter(sent_at__lt=at - _KEPT_FOR).delete()[0]
