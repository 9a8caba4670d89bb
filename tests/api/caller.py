"""An API client as an attacker or an honest system uses it."""

import json
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from people.public import create_api_client
from tenancy.engine.scope import tenant_scope
from tests.support.world import World

PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Caller:
    """A function over HTTP: method, path under /api/v1/, body, headers (underscores for dashes)."""

    token: str
    client_id: str
    client_secret: str
    browser: Client

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The response to a request with a JSON body, or with `body` as it is when it is bytes."""
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.browser.generic(
            method,
            f"/api/v1/{path}",
            content,
            content_type=headers.pop("Content_Type", "application/json"),
            headers=self._headers(headers),
        )

    def upload(self, path: str, name: str, content: bytes, **headers: str) -> Any:
        """The response to a file sent as the multipart field `file`."""
        file = SimpleUploadedFile("x", content)
        file._name = name  # type: ignore[attr-defined]
        return self.browser.post(f"/api/v1/{path}", {"file": file}, headers=self._headers(headers))

    def raise_one(self, title: str = "It is broken", **fields: Any) -> str:
        """The number of a new incident."""
        made = self("POST", "incidents/", {"title": title} | fields)
        assert made.status_code == 201, made.content
        return str(made.json()["number"])

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return {"Authorization": f"Bearer {self.token}"} | named


def token_answer(client_id: str, client_secret: str, browser: Client | None = None) -> Any:
    """What the token address answers to a client's credentials."""
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
    return (browser or Client()).post("/identity/o/api/token", form)


def caller(
    world: World, provider: str = "desk_provider", role: str = "desk-system", name: str = ""
) -> Caller:
    """A caller with the role, of one of the world's providers."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        made = create_api_client(
            name=name or f"{provider} {role}", provider=getattr(world, provider), role=role
        )
    # An error of ours is an answer here, not an exception: the tests look at what a client would be told.
    browser = Client(raise_request_exception=False)
    answer = token_answer(made.client_id, made.client_secret, browser)
    assert answer.status_code == 200, answer.content
    return Caller(answer.json()["access_token"], made.client_id, made.client_secret, browser)


def same(one: Any, other: Any) -> bool:
    """Whether two answers cannot be told apart by status, type or body."""
    return (one.status_code, one.get("Content-Type"), one.content) == (
        other.status_code,
        other.get("Content-Type"),
        other.content,
    )
