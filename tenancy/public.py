"""The door of `tenancy` for other apps."""

from tenancy.engine.compiled import compiled, compiled_counts
from tenancy.engine.definitions import (
    change_definitions,
    definitions_of,
    definitions_version,
    hold_definitions,
    kept,
)
from tenancy.engine.prepared import sendable
from tenancy.engine.rows import Batch, write_if
from tenancy.engine.scope import (
    NoTenantError,
    Scope,
    current_scope,
    current_tenant_id,
    enter_scope,
    platform_scope,
    tenant_scope,
)
from tenancy.services.seal import Stream, register_stream

__all__ = [
    "Batch",
    "NoTenantError",
    "Scope",
    "Stream",
    "change_definitions",
    "compiled",
    "compiled_counts",
    "current_scope",
    "current_tenant_id",
    "definitions_of",
    "definitions_version",
    "enter_scope",
    "hold_definitions",
    "kept",
    "platform_scope",
    "register_stream",
    "sendable",
    "tenant_scope",
    "write_if",
]
