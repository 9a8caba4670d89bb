"""The standard set of roles that a new tenant gets. Roles are data: a tenant may change them."""

from typing import NamedTuple

from tenancy.engine.words import word


class StandardRole(NamedTuple):
    """A role as it ships."""

    code: str
    name: str
    reach: str
    permissions: tuple[str, ...]


_REQUESTER = (
    "incident:raise",
    "incident:read",
    "incident:comment",
    "incident:reopen",
    "incident:cancel",
    "incident:watch",
    "incident:confirm",
    "request:make",
    "request:read",
    "request:comment",
    "request:attach",
    "request:reopen",
    "request:cancel",
    "request:confirm",
    "request:watch",
    "approval:decide",
)
_WORK = (
    "desk:use",
    "incident:read",
    "incident:raise",
    "incident:comment",
    "incident:note",
    "incident:attach",
    "incident:classify",
    "incident:assign",
    "incident:work",
    "incident:pend",
    "incident:resolve",
    "incident:reopen",
    "incident:watch",
    "incident:link",
    "request:make",
    "request:read",
    "request:comment",
    "request:note",
    "request:attach",
    "request:watch",
    "request:link",
    "request:reopen",
    "request:cancel",
    "request:confirm",
    "approval:decide",
    "task:read",
    "task:comment",
    "task:note",
    "task:attach",
    "task:assign",
    "task:work",
    "person:read",
    "service:read",
    "sla:read",
    "report:read",
)
# Whoever answers for a provider may contest what is held against it, and read its own contracts.
_PROVIDER = (*_WORK, "sla:contest", "contract:read")
_MANAGE = (
    "sla:define",
    "sla:rule",
    "report:schedule",
    "contract:read",
    "contract:define",
    "service:define",
    "offering:define",
    "audit:read",
)
_DESK = (
    *_WORK,
    "incident:raise-for",
    "incident:close",
    "incident:cancel",
    "incident:override-priority",
    "request:make-for",
    "request:close",
    "task:skip",
    "approval:read",
    "approval:assign",
)

STANDARD_ROLES = (
    StandardRole(
        "end-user", word("End user"), "own", (*_REQUESTER, "incident:attach", "service:read", "portal:use")
    ),
    StandardRole("service-desk", word("Service desk agent"), "all", (*_DESK, "portal:use")),
    StandardRole("resolver", word("Resolver"), "provider", (*_PROVIDER, "portal:use")),
    StandardRole("service-management", word("Service management"), "all", (*_DESK, *_MANAGE, "portal:use")),
    StandardRole(
        "administrator",
        word("Tenant administrator"),
        "all",
        (*_DESK, *_MANAGE, "admin:use", "mail:read", "hook:define", "portal:use"),
    ),
    StandardRole("supplier-system", word("Supplier system"), "provider", _PROVIDER[1:]),
    StandardRole("desk-system", word("Service desk system"), "all", _DESK[1:]),
)
