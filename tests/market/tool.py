"""A tool of the market's as it calls us: name and password, JSON, addresses under /api/now/."""

import base64
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.utils import timezone

from people.public import allow_login, create_api_client
from tenancy.engine.scope import tenant_scope
from tests.support.world import World


@dataclass(frozen=True)
class Tool:
    """A function over HTTP: method, path under /api/, body; anything else goes into the query string."""

    name: str
    password: str
    client_id: str
    client_secret: str
    browser: Client

    def __call__(self, method: str, path: str, body: Any = None, *, headers: Any = None, **query: Any) -> Any:
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        address = f"/api/{path}" + (f"?{urlencode(query)}" if query else "")
        given = {"Authorization": self.basic, "Accept": "application/json"} if headers is None else headers
        return self.browser.generic(method, address, content, content_type="application/json", headers=given)

    @property
    def basic(self) -> str:
        """The header of name and password."""
        return "Basic " + base64.b64encode(f"{self.name}:{self.password}".encode()).decode()

    def rows(self, table: str, **query: Any) -> list[dict[str, Any]]:
        """The rows of a table that a query asks for."""
        answer = self("GET", f"now/table/{table}", **query)
        assert answer.status_code == 200, answer.content
        return list(answer.json()["result"])

    def made(self, **fields: Any) -> dict[str, Any]:
        """A new incident."""
        answer = self("POST", "now/table/incident", fields)
        assert answer.status_code == 201, answer.content
        return dict(answer.json()["result"])

    def change(self, sys_id: str, **fields: Any) -> Any:
        """The answer to a change of an incident."""
        return self("PATCH", f"now/table/incident/{sys_id}", fields)


def tool(
    world: World, provider: str = "desk_provider", role: str = "desk-system", *, on: bool = True
) -> Tool:
    """A tool of one of the world's providers, for which the interface is switched on."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        name = f"{provider} {role} tool"
        made = create_api_client(name=name, provider=getattr(world, provider), role=role)
        login, password = "", ""
        if on:
            chief = world.actor(world.administrator)
            given = allow_login(client=name, actor=chief, at=timezone.now())
            login, password = given.name, given.password
    return Tool(login, password, made.client_id, made.client_secret, Client(raise_request_exception=False))
