"""The token address: who gets a token, who does not, and how fast."""

import pytest
from allauth.idp.oidc.models import Client as OAuthClient
from allauth.idp.oidc.models import Token
from django.test import Client

from people.models import ApiClient
from people.public import create_api_client, renew_client_secret
from people.services.clients import ClientCredentials
from tenancy.engine.scope import tenant_scope
from tests.api.caller import token_answer
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """One tenant."""
    return build_world()


@pytest.fixture
def made(world: World) -> ClientCredentials:
    """A client of the service desk."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return create_api_client(name="desk", provider=world.desk_provider, role="desk-system")


def test_a_wrong_secret_and_an_unknown_client_are_told_the_same(made: ClientCredentials) -> None:
    wrong = token_answer(made.client_id, "wrong")
    unknown = token_answer("unknown", "wrong")
    other = token_answer(made.client_id, "")
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.status_code == other.status_code == 401
    assert wrong.json() == {"error": "invalid_client"}
    assert Token.objects.count() == 0


def test_a_token_costs_one_digest(made: ClientCredentials, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **__: object) -> str:
        raise AssertionError("a secret of 256 random bits needs no stretching")

    monkeypatch.setattr("django.contrib.auth.hashers.PBKDF2PasswordHasher.encode", slow)
    assert token_answer(made.client_id, made.client_secret).status_code == 200
    assert token_answer(made.client_id, "wrong").status_code == 401


def test_secrets_and_tokens_are_kept_as_digests_only(made: ClientCredentials) -> None:
    token = token_answer(made.client_id, made.client_secret).json()["access_token"]
    assert made.client_secret not in OAuthClient.objects.get(pk=made.client_id).secret
    row = Token.objects.get()
    assert token not in {row.hash, str(row.data)}


def test_a_new_secret_ends_the_old_one(world: World, made: ClientCredentials) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        renewed = renew_client_secret(name="desk")
    assert token_answer(made.client_id, made.client_secret).status_code == 401
    assert token_answer(renewed.client_id, renewed.client_secret).status_code == 200


def test_a_client_that_was_switched_off_gets_nothing_done(world: World, made: ClientCredentials) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        ApiClient.objects.filter(client_id=made.client_id).update(is_active=False)
    answer = token_answer(made.client_id, made.client_secret)
    token = answer.json().get("access_token", "none")
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/v1/incidents/", headers=headers).status_code == 401


def test_a_client_of_another_tenant_gets_its_own_tenant_whatever_the_host(
    world: World, made: ClientCredentials
) -> None:
    rivers = build_world("rivers")
    there = Client(headers={"Host": "rivers.localhost"})
    token = token_answer(made.client_id, made.client_secret, there).json()["access_token"]
    answer = there.post(
        "/api/v1/incidents/",
        {"title": "x", "requester": rivers.user.email},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "grant", ["password", "authorization_code", "refresh_token", "implicit", "", "urn:x"]
)
def test_no_other_grant_is_given(grant: str, world: World, made: ClientCredentials) -> None:
    form = {
        "grant_type": grant,
        "client_id": made.client_id,
        "client_secret": made.client_secret,
        "username": world.user.email,
        "password": "correct horse battery",
        "code": "x",
        "refresh_token": "x",
    }
    answer = Client(raise_request_exception=False).post("/identity/o/api/token", form)
    assert answer.status_code in (400, 401), answer.content
    assert "access_token" not in answer.json()


def test_more_than_one_scope_is_not_given(made: ClientCredentials) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": made.client_id,
        "client_secret": made.client_secret,
        "scope": "api openid email admin",
    }
    answer = Client().post("/identity/o/api/token", form)
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_scope"


def test_a_token_says_how_long_it_lasts_and_is_not_cached(made: ClientCredentials) -> None:
    answer = token_answer(made.client_id, made.client_secret)
    assert answer.json()["expires_in"] == 3600
    assert answer["Cache-Control"] == "no-store"
    assert answer.json()["token_type"].lower() == "bearer"
    assert "refresh_token" not in answer.json()
