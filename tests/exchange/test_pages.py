"""The exchange in the browser: the address, its secret, how it does, and what was given up."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.exchange.joined import Joined, join
from tests.exchange.theirs import TheirSystem
from tests.portal.visitor import text_of, visitor
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

HOME = "/admin/suppliers/network-co/exchange/"


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def chief(world: World) -> Client:
    return visitor(world.administrator)


@pytest.fixture
def joined(world: World, settings: Any) -> Iterator[Joined]:
    theirs = TheirSystem("refused", "acknowledged")
    yield join(world, theirs, settings)
    theirs.close()


def test_an_address_is_given_and_its_secret_shown_once(chief: Client) -> None:
    assert "no address was given" in text_of(chief.get(HOME))
    refused = chief.post(f"{HOME}address/", {"url": "http://example.org/", "timeout_seconds": "5"})
    assert (refused.status_code, "Use https." in text_of(refused)) == (422, True)
    assert 'value="http://example.org/"' in refused.content.decode()

    given = {"url": "https://example.org/told", "timeout_seconds": "5"}
    made = chief.post(f"{HOME}address/", given)
    assert re.findall(r"whsec_[A-Za-z0-9+/=]+", text_of(made))
    assert "no-store" in made.headers["Cache-Control"]
    assert "whsec_" not in text_of(chief.get(HOME))

    assert chief.post(f"{HOME}address/", given | {"seen": "1"}).status_code == 302
    late = chief.post(f"{HOME}address/", given | {"seen": "1", "url": "https://example.org/other"})
    assert late.status_code == 409
    assert 'value="https://example.org/other"' in late.content.decode()
    assert 'name="seen" value="2"' in late.content.decode()
    assert "whsec_" in text_of(chief.post(f"{HOME}secret/", {"seen": "2"}))


def test_what_was_given_up_is_seen_and_sent_again(chief: Client, joined: Joined) -> None:
    record = joined.handed()
    joined.tell()
    page = chief.get(HOME)
    assert "Some were given up" in text_of(page)
    assert "It refused with 422." in text_of(page)
    (row,) = joined.rows(record)
    assert chief.post(f"{HOME}messages/{row.pk}/", {"do": "again"}).status_code == 302
    joined.tell()
    assert [each.status for each in joined.rows(record)] == ["done"]
    assert "Only a message that was given up" in text_of(
        chief.post(f"{HOME}messages/{row.pk}/", {"do": "drop"}, follow=True)
    )


def test_it_is_paused_with_a_reason_and_goes_on(chief: Client, joined: Joined) -> None:
    assert chief.post(f"{HOME}pause/", {"reason": " "}).status_code == 422
    assert chief.post(f"{HOME}pause/", {"reason": "They move house"}).status_code == 302
    assert "They move house" in text_of(chief.get(HOME))
    assert chief.post(f"{HOME}resume/").status_code == 302
    assert "They move house" not in text_of(chief.get(HOME))


def test_the_page_reads_as_much_for_many_messages_as_for_one(chief: Client, joined: Joined) -> None:
    joined.theirs.answers = ["acknowledged"]
    joined.handed()
    joined.tell()
    chief.get(HOME)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            assert chief.get(HOME).status_code == 200
        counts.append(len(seen))
        for _ in range(5):
            joined.handed()
        joined.tell()
    assert counts[0] == counts[1]
