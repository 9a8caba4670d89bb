"""A task works in the tenant of whoever sent it: carried in a header, entered before the run, left after it.

Not in `Task.__call__`, where the second task of a chain would lose it.
"""

from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Any

from tenancy.engine.scope import Scope, current_scope, enter_scope

HEADER = "itsm_tenant"
_running: ContextVar[AbstractContextManager[Any] | None] = ContextVar("task_scope", default=None)


def carry_tenant(headers: dict[str, Any] | None = None, **_: Any) -> None:
    """Sender's side: note the tenant in force, if there is one."""
    scope = current_scope()
    if headers is not None and scope is not None and scope.tenant_id is not None:
        headers[HEADER] = {"tenant_id": scope.tenant_id, "actor": scope.actor}


def enter_tenant(task: Any = None, **_: Any) -> None:
    """Worker's side: enter the tenant of the message. Without one, code that needs a tenant raises."""
    carried = getattr(task.request, HEADER, None) or (task.request.headers or {}).get(HEADER)
    if carried:
        block = enter_scope(
            Scope(carried["tenant_id"], actor=carried["actor"], request_id=task.request.id or "")
        )
        block.__enter__()
        _running.set(block)


def leave_tenant(**_: Any) -> None:
    """Worker's side: leave it again, whatever happened."""
    block = _running.get()
    if block is not None:
        block.__exit__(None, None, None)
        _running.set(None)
