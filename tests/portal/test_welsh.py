"""The portal speaks Welsh: every text, and nothing half done."""

import re
from urllib.parse import urlsplit

import pytest
from django.utils import translation
from django.utils.translation import gettext, ngettext

from people.models import Person
from tests.architecture.phrases import MAIN, phrases
from tests.portal.visitor import DETAILS, fill, raised, text_of, visitor
from tests.support.world import World, build_world


@pytest.fixture
def world(db: None) -> World:
    """One tenant with people, a service and its promises."""
    return build_world()


def test_plural_forms_are_chosen() -> None:
    with translation.override("cy"):
        words = [
            ngettext("%(count)d day", "%(count)d days", count) % {"count": count} for count in (1, 2, 3, 8)
        ]
    assert words == ["1 diwrnod", "2 ddiwrnod", "3 diwrnod", "8 diwrnod"]


def test_a_whole_journey_in_welsh(world: World) -> None:
    Person.objects.filter(pk=world.user.person_id).update(language="cy")
    browser = visitor(world.user)
    home = browser.get("/")
    assert 'lang="cy"' in home.content.decode()
    assert "Helo User, sut gallwn ni helpu?" in text_of(home)
    checking = fill(browser)
    page = text_of(browser.get(checking))
    assert "Gwirio eich atebion" in page
    assert "Dros y ffôn, ar 0113 496 0000" in page
    refused = browser.post("/report/", {})
    assert "Rhowch grynodeb byr" in text_of(refused)
    assert "<title>Gwall: " in refused.content.decode()
    done = browser.post(checking)["Location"]
    assert "Ein nod yw ei drwsio erbyn" in text_of(browser.get(done))
    number = urlsplit(done).path.split("/")[-2]
    assert "Rydym wedi derbyn eich adroddiad." in text_of(browser.get(f"/records/{number}/"))
    assert DETAILS["phone"] in text_of(browser.get(f"/records/{number}/"))


def test_no_english_is_left_on_a_welsh_page(world: World) -> None:
    number = raised(world).number
    browser = visitor(world.user)
    texts = [message for _, message in phrases()[MAIN] if isinstance(message, str)]
    with translation.override("cy"):
        welsh_words = {gettext(message) for message in texts}
    english = {
        message
        for message in texts
        if len(message) > 12 and "%" not in message and message not in welsh_words
    }
    for address in (
        "/",
        "/records/",
        f"/records/{number}/",
        "/report/",
        "/account/preferences/",
        "/privacy/",
    ):
        page = text_of(browser.get(f"{address}?lang=cy"))
        assert not [words for words in english if words in page], address


def test_the_switch_at_the_foot_of_a_page_goes_before_the_preference(world: World) -> None:
    Person.objects.filter(pk=world.user.person_id).update(language="cy")
    browser = visitor(world.user)
    switch = re.findall(r'name="language"\s+value="([a-z-]+)"', browser.get("/").content.decode())
    assert len(switch) == 2
    for language, word in zip(switch, ("Home", "Hafan"), strict=True):
        assert browser.post("/i18n/setlang/", {"language": language, "next": "/"})["Location"] == "/"
        assert word in text_of(browser.get("/"))


def test_the_choice_of_language_is_kept(world: World) -> None:
    browser = visitor(world.user)
    browser.get("/?lang=cy")
    chosen = {"language": "en-gb", "theme": "dark", "density": "compact", "shortcuts": "off"}
    assert browser.post("/account/preferences/", chosen).status_code == 302
    page = browser.get("/account/preferences/").content.decode()
    assert "Your preferences have been saved" in page, (
        "the cookie of the language switch no longer goes first"
    )
    assert 'data-theme="dark"' in page
    browser.post("/account/preferences/", chosen | {"language": "cy"})
    assert "Eich dewisiadau" in text_of(browser.get("/account/preferences/"))
    person = Person.objects.get(pk=world.user.person_id)
    assert (person.language, person.theme, person.density, person.shortcuts_enabled) == (
        "cy",
        "dark",
        "compact",
        False,
    )
    assert browser.post("/account/preferences/", chosen | {"theme": "pink"}).status_code == 422
