"""A called system says how a run ended: once, and whoever says it again is told what came of it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from lifecycle.public import IllegalStepError, NotFoundError, RuleError
from people.public import tenant_by_host
from requests_app.engine.outcomes import read_outcome
from requests_app.models import AutomationRun, Task
from requests_app.services.fulfil import request_locked
from requests_app.services.start_run import token_hash
from requests_app.services.take_outcome import apply_outcome
from tenancy.public import tenant_scope

# How long after its end a run is still answered for; then its token is as one that never was.
KNOWN_FOR = timedelta(days=7)
_ENDS = ("done", "failed")


def call_back_at(*, host: str, token: str, data: Any, at: datetime, request_id: str = "") -> AutomationRun:
    """The same in the tenant that is served under a host: no other knows the token. Raises as `call_back`."""
    tenant = tenant_by_host(host)
    if tenant is None:
        raise NotFoundError(gettext("There is no such run."))
    with tenant_scope(tenant.pk, actor="system:call-back", request_id=request_id):
        return call_back(token=token, data=data, at=at)


def call_back(*, token: str, data: Any, at: datetime) -> AutomationRun:
    """Take the answer at `at` (UTC) for the run with this token, in the tenant in scope; the run as it is then.

    The same said twice is one. Raises NotFoundError for a token that nobody has, RuleError for no answer,
    IllegalStepError (naming what came of it) after another end, or when the time for it is over.
    """
    run = AutomationRun.objects.filter(token_hash=token_hash(token)).first()
    if run is None or (run.ended_at is not None and run.ended_at + KNOWN_FOR <= at):
        raise NotFoundError(gettext("There is no such run."))
    try:
        outcome = read_outcome(data)
    except ValueError as error:
        raise RuleError(gettext("This is no answer."), fields={"outcome": str(error)}) from error
    if outcome.state not in _ENDS:
        raise RuleError(
            gettext("This is no answer."),
            fields={"outcome": gettext('Say "done" or "failed".')},
        )
    task = Task.objects.get(pk=run.record_id)
    with transaction.atomic(), request_locked(task.request_id):
        run = AutomationRun.objects.select_for_update().get(pk=run.pk)
        if run.state == "ended":
            if run.outcome == outcome.json():
                return run
            raise _over(gettext("This run has ended otherwise."), str(run.outcome["state"]), outcome.state)
        if run.state == "called" and run.next_at is not None and run.next_at <= at:
            raise _over(gettext("The time for an answer is over."), "failed", outcome.state)
        apply_outcome(run, task, outcome, at)
    return run


def _over(message: str, ended: str, said: str) -> IllegalStepError:
    return IllegalStepError(message, state=ended, action=said, allowed=())
