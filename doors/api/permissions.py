"""Each action of the API declares the permission it needs; one that declares none is refused to all."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from people.public import Actor


class Declared(BasePermission):
    """Reads `permission_for` of the view: method → permission `noun:verb`. Closed unless declared."""

    def has_permission(self, request: Request, view: Any) -> bool:
        actor: Actor | None = request.user  # type: ignore[assignment]  # our authentication classes say who
        if actor is None:
            return False
        needed: str | None = getattr(view, "permission_for", {}).get(request.method or "")
        if request.method in ("OPTIONS", "HEAD") and needed is None:
            needed = getattr(view, "permission_for", {}).get("GET")
        if needed is None:
            return False
        self.message = f"This needs the permission {needed}."
        return bool(actor.may(needed))
