"""Logging in by e-mail: who may, who may not, and what an answer gives away."""

import re
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core import mail
from django.test import Client

from people.models import Person
from people.public import add_member
from tenancy.engine.scope import tenant_scope
from tests.desk.visits import raise_some
from tests.support.world import PASSWORD, World, build_world

pytestmark = pytest.mark.django_db

LOG_IN, SECOND_FACTOR = "/account/login/", "/account/2fa/authenticate/"
WRONG = "wrong horse battery"


@pytest.fixture
def world() -> World:
    """One tenant."""
    return build_world()


def log_in(email: str, password: str = PASSWORD, client: Client | None = None) -> Any:
    """The answer to an e-mail address and a password."""
    return (client or Client()).post(LOG_IN, {"login": email, "password": password})


def is_logged_in(client: Client) -> bool:
    """Whether the browser's session is a member's."""
    return bool(client.get("/api/v1/incidents/").status_code == 200)


def code_now(secret: str) -> str:
    """What an authenticator app shows now."""
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def plain(answer: Any, *unlike: str) -> str:
    """A page without what differs at each showing and without the words given."""
    text = re.sub(r"[\w-]{22,}", "", answer.content.decode())
    for word in unlike:
        text = text.replace(word, "")
    return text


def test_everyone_lands_where_they_work(world: World) -> None:
    assert log_in(world.agent.email)["Location"] == "/desk/"
    assert log_in(world.user.email)["Location"] == "/"


def test_the_address_is_not_case_sensitive_but_the_password_is(world: World) -> None:
    assert log_in(f"  {world.user.email.upper()} ").status_code == 302
    assert log_in(world.user.email, PASSWORD.upper()).status_code == 200


def test_a_wrong_password_and_an_unknown_person_are_told_the_same(world: World) -> None:
    wrong, unknown = log_in(world.user.email, WRONG), log_in("nobody@defra.example", WRONG)
    assert wrong.status_code == unknown.status_code
    assert plain(wrong, world.user.email) == plain(unknown, "nobody@defra.example")


def test_a_wrong_password_and_an_unknown_person_take_the_same_work(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def encode(_hasher: Any, password: str, salt: str, _iterations: int | None = None) -> str:
        made.append(password)
        return f"pbkdf2_sha256$1${salt}$x"

    monkeypatch.setattr("django.contrib.auth.hashers.PBKDF2PasswordHasher.encode", encode)
    work = []
    for email in (world.user.email, "nobody@defra.example"):
        made.clear()
        log_in(email, WRONG)
        work.append(made.count(WRONG))
    assert work[0] == work[1] > 0


def test_guessing_is_stopped_even_with_the_right_password_at_last(world: World) -> None:
    client = Client()
    for _ in range(6):
        log_in(world.user.email, WRONG, client)
    assert log_in(world.user.email, PASSWORD, client).status_code in (200, 429)
    assert not is_logged_in(client)
    # Nor does another network address help, while somebody else is not kept out.
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    log_in(world.user.email, PASSWORD, elsewhere)
    assert not is_logged_in(elsewhere)
    other = Client(REMOTE_ADDR="203.0.113.10")
    log_in(world.agent.email, PASSWORD, other)
    assert is_logged_in(other)


def test_logging_out_ends_the_session(world: World) -> None:
    client = Client()
    log_in(world.agent.email, client=client)
    stolen = client.cookies["sessionid"].value
    assert is_logged_in(client)
    assert client.get("/account/logout/").status_code == 200
    assert is_logged_in(client)
    client.post("/account/logout/")
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert not is_logged_in(client)
    assert not is_logged_in(thief)


def test_a_session_is_a_new_one_after_logging_in(world: World) -> None:
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = str(planted)
    log_in(world.agent.email, client=client)
    assert client.session.session_key != planted


def test_nobody_signs_up(world: World) -> None:
    before = Person.objects.count()
    form = {"email": "new@evil.example", "password1": "correct horse battery staple"}
    for path in ("/account/signup/",):
        assert Client().post(path, form).status_code in (200, 403, 404)
    assert Person.objects.count() == before


def test_nobody_changes_the_address_they_log_in_by(world: World) -> None:
    browser = Client()
    log_in(world.user.email, client=browser)
    for asked in (
        {"action_add": "", "email": "me@elsewhere.example"},
        {"action_primary": "", "email": "x@y.example"},
    ):
        assert browser.post("/account/email/", asked).status_code == 302
    assert browser.get("/account/email/")["Location"] == "/account/preferences/"
    assert not EmailAddress.objects.filter(email="me@elsewhere.example").exists()
    assert Person.objects.get(pk=world.user.person_id).email == world.user.email


def test_a_person_without_membership_sees_nothing(world: World) -> None:
    [record] = raise_some(world, 1)
    Person.objects.create_user("loner@nowhere.example", PASSWORD, name="Loner")
    client = Client()
    assert log_in("loner@nowhere.example", client=client).status_code == 302
    assert client.get("/api/v1/incidents/").status_code == 401
    for path in ("/", "/records/", "/desk/"):
        assert client.get(path).status_code in (200, 302, 403), path
        # Not just the letters: a token on the page may hold those by chance.
        page = client.get(path).content.decode()
        assert record.title not in page
        assert not re.search(r"INC\d{7}", page)


def test_a_locked_person_is_told_what_a_stranger_is_told(world: World) -> None:
    Person.objects.filter(pk=world.user.person_id).update(is_active=False)
    client = Client()
    log_in(world.user.email, client=client)
    assert not is_logged_in(client)


def test_the_form_needs_its_token(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert log_in(world.user.email, client=strict).status_code == 403


@pytest.mark.parametrize(
    "next_page", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_logging_in_leads_nowhere_else(next_page: str, world: World) -> None:
    answer = Client().post(
        f"{LOG_IN}?next={next_page}", {"login": world.user.email, "password": PASSWORD, "next": next_page}
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert "evil" not in answer["Location"]


def test_asking_for_a_new_password_does_not_tell_who_is_known(world: World) -> None:
    answers = {
        email: Client().post("/account/password/reset/", {"email": email})
        for email in (world.user.email, "nobody@defra.example")
    }
    known, unknown = answers.values()
    assert (known.status_code, known.get("Location")) == (unknown.status_code, unknown.get("Location"))
    assert {message.to[0] for message in mail.outbox} <= set(answers)


def test_a_new_password_works_once_and_the_old_one_ends(world: World) -> None:
    Client().post("/account/password/reset/", {"email": world.user.email})
    link = re.search(r"https?://[^/\s]+(/account/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert link
    client = Client()
    form = client.get(link[1])
    assert form.status_code == 302
    new = "another long battery horse"
    done = client.post(form["Location"], {"password1": new, "password2": new})
    assert done.status_code == 302, done.content
    assert log_in(world.user.email).status_code == 200
    assert log_in(world.user.email, new).status_code == 302
    assert Client().get(link[1]).status_code == 200


def test_a_second_factor_is_enrolled_and_then_needed(world: World) -> None:
    client = Client()
    log_in(world.agent.email, client=client)
    page = client.get("/account/2fa/totp/activate/")
    if page.status_code == 302:
        assert client.post(page["Location"], {"password": WRONG}).status_code == 200
        assert client.post(page["Location"], {"password": PASSWORD}).status_code == 302
        page = client.get("/account/2fa/totp/activate/")
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    assert client.post("/account/2fa/totp/activate/", {"code": "000000"}).status_code == 200
    assert client.post("/account/2fa/totp/activate/", {"code": code_now(secret)}).status_code == 302
    assert Authenticator.objects.filter(user_id=world.agent.person_id, type=Authenticator.Type.TOTP).exists()
    fresh = Client()
    assert log_in(world.agent.email, client=fresh)["Location"].startswith(SECOND_FACTOR)
    assert not is_logged_in(fresh)
    assert fresh.get("/desk/").status_code == 302
    assert fresh.get(SECOND_FACTOR).status_code == 200
    assert fresh.post(SECOND_FACTOR, {"code": "000000"}).status_code == 200
    assert not is_logged_in(fresh)


@pytest.fixture
def second_factor(world: World) -> str:
    """The secret of the agent's second factor."""
    person = Person.objects.get(pk=world.agent.person_id)
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return secret


def test_the_second_factor_lets_in_and_cannot_be_replayed(world: World, second_factor: str) -> None:
    one, two = Client(), Client()
    for client in (one, two):
        log_in(world.agent.email, client=client)
    code = code_now(second_factor)
    assert one.post(SECOND_FACTOR, {"code": code})["Location"] == "/desk/"
    assert is_logged_in(one)
    two.post(SECOND_FACTOR, {"code": code})
    assert not is_logged_in(two)


def test_a_recovery_code_lets_in_once(world: World, second_factor: str) -> None:
    row = Authenticator.objects.get(user_id=world.agent.person_id, type=Authenticator.Type.RECOVERY_CODES)
    code = RecoveryCodes(row).get_unused_codes()[0]
    one, two = Client(), Client()
    for client in (one, two):
        log_in(world.agent.email, client=client)
        client.post(SECOND_FACTOR, {"code": code})
    assert (is_logged_in(one), is_logged_in(two)) == (True, False)


def test_guessing_the_second_factor_is_stopped(world: World, second_factor: str) -> None:
    client = Client()
    log_in(world.agent.email, client=client)
    for _ in range(8):
        client.post(SECOND_FACTOR, {"code": "000000"})
    client.post(SECOND_FACTOR, {"code": code_now(second_factor)})
    assert not is_logged_in(client)


def test_a_secret_is_not_kept_in_the_clear(world: World, second_factor: str) -> None:
    row = Authenticator.objects.get(user_id=world.agent.person_id, type=Authenticator.Type.TOTP)
    assert get_adapter().decrypt(row.data["secret"]) == second_factor
    assert row.data["secret"] != second_factor


def test_one_person_in_two_tenants_logs_in_once(world: World) -> None:
    rivers = build_world("rivers")
    with tenant_scope(rivers.tenant.pk, actor="system:test"):
        add_member(email=world.agent.email.upper(), name="Agent", roles=["end-user"])
    assert Person.objects.filter(email=world.agent.email).count() == 1
    client = Client()
    log_in(world.agent.email, client=client)
    assert client.get("/account/tenant/").content.decode().count("Rivers") >= 1


def test_no_page_of_the_account_breaks(world: World) -> None:
    client = Client(raise_request_exception=False)
    log_in(world.agent.email, client=client)
    for path in (
        "/account/2fa/",
        "/account/2fa/totp/activate/",
        "/account/2fa/recovery-codes/",
        "/account/2fa/webauthn/",
        "/account/password/change/",
        "/account/password/reset/",
        "/account/email/",
        "/account/inactive/",
        "/account/reauthenticate/",
        "/account/signup/",
        "/account/tenant/",
        "/.well-known/openid-configuration",
        "/.well-known/jwks.json",
        "/identity/o/authorize",
        "/identity/o/device",
        "/identity/o/logout",
        "/identity/o/api/userinfo",
    ):
        began = time.monotonic()
        answer = client.get(path)
        assert answer.status_code < 500, path
        assert time.monotonic() - began < 10, path
