"""The API does what its own description says, whatever is sent, over real HTTP."""

import json
from functools import cache
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.live import LiveStack

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
FEW, MANY = 4, 60
PROBLEM = "application/problem+json"


@cache
def token_of(base_url: str, client_id: str, client_secret: str) -> str:
    """An access token, asked for once."""
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
    answer = requests.post(f"{base_url}/identity/o/api/token", form, timeout=30)
    return str(answer.json()["access_token"])


@pytest.fixture
def headers(live_stack: LiveStack) -> dict[str, str]:
    """What the service desk's system of the smaller demonstration tenant sends."""
    client = live_stack.demo["tenants"]["rivers"]["api_clients"]["rivers-desk"]
    return {"Authorization": f"Bearer {token_of(live_stack.base_url, **client)}"}


def attack(live_stack: LiveStack, headers: dict[str, str], examples: int) -> list[str]:
    """Send generated requests to every operation; returns what was wrong with the answers."""
    schema = schemathesis.openapi.from_dict(
        requests.get(f"{live_stack.base_url}/api/v1/schema/?format=json", timeout=60).json()
    )
    schema.config.update(base_url=live_stack.base_url)
    found: list[str] = []
    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]  # a description that cannot be read fails here
        send_many(operation, headers, examples, found)
    return found


def send_many(operation: Any, headers: dict[str, str], examples: int, found: list[str]) -> None:
    """Send generated requests to one operation; appends what was wrong with the answers."""

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=examples == FEW,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        response = case.call(headers=headers, timeout=30)
        answer = f"{operation.label}: {response.status_code} {response.text[:200]}"
        try:
            case.validate_response(response, checks=CHECKS)
        except (AssertionError, BaseExceptionGroup) as error:
            found.append(f"{answer}\n{error!r}")
        if response.status_code >= 400:
            kinds = response.headers["content-type"]
            if PROBLEM not in kinds or not response.json().get("code"):
                found.append(f"{answer}\n{kinds}")

    send()


def test_every_operation_keeps_its_contract(live_stack: LiveStack, headers: dict[str, str]) -> None:
    found = attack(live_stack, headers, FEW)
    assert not found, "\n\n".join(found[:10])


@pytest.mark.slow
def test_every_operation_keeps_its_contract_under_many_requests(
    live_stack: LiveStack, headers: dict[str, str]
) -> None:
    found = attack(live_stack, headers, MANY)
    assert not found, "\n\n".join(found[:10])


def test_the_description_names_the_errors_that_come(live_stack: LiveStack, headers: dict[str, str]) -> None:
    schema = requests.get(f"{live_stack.base_url}/api/v1/schema/?format=json", timeout=60).json()
    described = schema["paths"]["/api/v1/incidents/"]["post"]["responses"]
    address = f"{live_stack.base_url}/api/v1/incidents/"
    for content, content_type in (
        (b'{"title": "' + b"x" * (2 << 20) + b'"}', "application/json"),
        (b"<x/>", "application/xml"),
        (json.dumps({"title": ""}).encode(), "application/json"),
        (json.dumps({"title": "x", "service": "none"}).encode(), "application/json"),
    ):
        answer = requests.post(address, content, headers=headers | {"Content-Type": content_type}, timeout=30)
        assert str(answer.status_code) in described
        assert answer.status_code >= 400
        assert answer.headers["Content-Type"] == PROBLEM
