"""The API speaks English, and Welsh to a program that asks for it."""

from typing import Any

import pytest
from django.test import Client

from people.models import Person
from tests.api.caller import Caller, caller
from tests.support.world import World, build_world


@pytest.fixture
def world(db: None) -> World:
    """One tenant."""
    return build_world()


@pytest.fixture
def call(world: World) -> Caller:
    """The service desk's system."""
    return caller(world)


def problem(call: Caller, **headers: str) -> Any:
    """What is told of a service that there is not."""
    told = call("POST", "incidents/", {"title": "It is broken", "service": "none"}, **headers)
    assert told.status_code == 422, told.content
    assert "Accept-Language" in told["Vary"]
    return told.json()


def test_english_is_spoken_unless_asked_otherwise(call: Caller) -> None:
    for language in ("", "en", "fr", "*", "en;q=0.9,cy;q=0.1", "x" * 600):
        told = problem(call, Accept_Language=language)
        assert told["errors"][0]["detail"] == "No live service has the code 'none'.", language


def test_welsh_is_spoken_to_who_asks(call: Caller) -> None:
    english, welsh = problem(call), problem(call, Accept_Language="cy,en;q=0.5")
    assert welsh["errors"][0]["detail"] == "Nid oes gan unrhyw wasanaeth byw’r cod 'none'."
    assert welsh["code"] == english["code"]
    assert welsh["errors"][0]["field"] == english["errors"][0]["field"] == "service"
    assert set(welsh) == set(english)


def test_a_person_s_own_language_is_for_pages(world: World) -> None:
    Person.objects.filter(pk=world.agent.person_id).update(language="cy")
    browser = Client(headers={"host": world.tenant.host})
    browser.force_login(Person.objects.get(pk=world.agent.person_id))
    assert browser.get("/api/v1/incidents/INC0000099/").json()["detail"] == "There is no such record."
    asked = browser.get("/api/v1/incidents/INC0000099/", headers={"Accept-Language": "cy"})
    assert asked.json()["detail"] == "Nid oes cofnod o’r fath."
