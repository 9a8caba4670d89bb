"""Whose rows the running code may touch.

A scope is entered by a door (request, task, command) and travels in a ContextVar. Every SQL statement carries it
to PostgreSQL as a prefix (`wrapper.py`), so there is no connection state to keep right.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

ROLES = frozenset({"supplier", "worker", "report"})
_SAFE = re.compile(r"[^A-Za-z0-9:._@|-]")


class NoTenantError(RuntimeError):
    """Code that needs a tenant ran without one. No tenant, no work."""

    code = "no_tenant"


@dataclass(frozen=True, slots=True)
class Scope:
    """The tenant, and the database role when it is not the application's own.

    `actor` and `request_id` are stamped on each machine audit entry that the scope's statements cause.
    `definitions_version` is that of the tenant when the scope was entered, where it is known.
    """

    tenant_id: int | None
    role: str = ""
    provider_id: UUID | None = None
    actor: str = ""
    request_id: str = ""
    definitions_version: int | None = None
    prefix: str = field(init=False, default="")

    def __post_init__(self) -> None:
        if self.role and self.role not in ROLES:
            raise ValueError(f"unknown database role {self.role!r}")
        if self.role == "supplier" and self.provider_id is None:
            raise ValueError("the supplier role needs a provider")
        tenant = "" if self.tenant_id is None else str(int(self.tenant_id))
        parts = [f"SET LOCAL app.tenant_id='{tenant}'"]
        if self.actor or self.request_id:
            parts.append(f"SET LOCAL app.actor='{_SAFE.sub('_', f'{self.actor}|{self.request_id}')[:120]}'")
        if self.provider_id is not None:
            parts.append(f"SET LOCAL app.provider_id='{UUID(str(self.provider_id))}'")
        parts.append(f"SET LOCAL ROLE itsm_{self.role}" if self.role else "SET LOCAL ROLE NONE")
        object.__setattr__(self, "prefix", ";".join(parts) + ";")


_scope: ContextVar[Scope | None] = ContextVar("tenancy_scope", default=None)


def current_scope() -> Scope | None:
    """The scope in force, or None outside every tenant."""
    return _scope.get()


def current_tenant_id() -> int:
    """The tenant in force. Raises NoTenantError outside one."""
    scope = _scope.get()
    if scope is None or scope.tenant_id is None:
        raise NoTenantError("no tenant is in scope")
    return scope.tenant_id


@contextmanager
def enter_scope(scope: Scope | None) -> Iterator[Scope | None]:
    """Run the block inside `scope`; the former scope is back afterwards, whatever happened."""
    token = _scope.set(scope)
    try:
        yield scope
    finally:
        _scope.reset(token)


@contextmanager
def tenant_scope(tenant_id: int, *, actor: str = "", request_id: str = "") -> Iterator[Scope | None]:
    """Run the block as the application, inside one tenant."""
    with enter_scope(Scope(tenant_id, actor=actor, request_id=request_id)) as scope:
        yield scope


@contextmanager
def platform_scope(role: str, *, actor: str = "") -> Iterator[Scope | None]:
    """Run the block across tenants as `worker` (sweeps; narrow policies) or `report` (read only)."""
    with enter_scope(Scope(None, role=role, actor=actor or f"system:{role}")) as scope:
        yield scope
