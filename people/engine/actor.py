"""Who acts: the one description that every service, policy and query is given."""

from dataclasses import dataclass, replace
from uuid import UUID

from tenancy.engine.scope import Scope


@dataclass(frozen=True, slots=True)
class Actor:
    """A member, an API client or the system itself, acting in one tenant through one door.

    reach: "own", "provider" or "all" (see Role.Reach), or "system".
    door: "portal", "desk", "api", "mail", "rule" or "system".
    definitions_version: of the tenant, when the actor was found.
    has_login: whether an API client may come by name and password too, as the market's tools do.
    """

    tenant_id: int
    kind: str
    name: str
    reach: str
    door: str
    permissions: frozenset[str] = frozenset()
    membership_id: UUID | None = None
    client_id: UUID | None = None
    email: str = ""
    organisation_id: UUID | None = None
    provider_id: UUID | None = None
    provider_name: str = ""
    group_ids: frozenset[UUID] = frozenset()
    role_ids: frozenset[UUID] = frozenset()
    role_names: tuple[str, ...] = ()
    definitions_version: int | None = None
    has_login: bool = False

    def may(self, permission: str) -> bool:
        """Whether one of the actor's roles carries `noun:verb`."""
        return self.reach == "system" or permission in self.permissions

    def through(self, door: str) -> "Actor":
        """The same actor, coming through another door."""
        return replace(self, door=door)

    @property
    def is_human(self) -> bool:
        """Whether a person acts, rather than a system."""
        return self.kind == "member"

    @property
    def label(self) -> str:
        """How the machine audit names the actor."""
        return f"{self.kind}:{self.membership_id or self.client_id or self.name}"

    def scope(self, *, request_id: str = "") -> Scope:
        """The database scope this actor works in: a supplier's people and clients get the supplier's role."""
        supplier = self.reach == "provider"
        return Scope(
            self.tenant_id,
            role="supplier" if supplier else "",
            provider_id=self.provider_id if supplier else None,
            actor=self.label,
            request_id=request_id,
            definitions_version=self.definitions_version,
        )


def system_actor(tenant_id: int, *, name: str = "system", door: str = "system") -> Actor:
    """The platform acting by itself: timers, rules, imports."""
    return Actor(tenant_id=tenant_id, kind="system", name=name, reach="system", door=door)
