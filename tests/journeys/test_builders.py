"""A catalogue manager builds an offering with a two-page form in both languages; the API's schema is the same form."""

from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator
from playwright.sync_api import expect

from tests.journeys.actors import NewContext, Visitor, visitor
from tests.support.live import LiveStack

pytestmark = [pytest.mark.e2e]


def fill(person: Visitor, **given: str) -> None:
    """Type into fields by their names."""
    for name, text in given.items():
        person.page.locator(f"main [name={name}]").fill(text)


def choose(person: Visitor, label: str) -> None:
    person.page.get_by_label(label, exact=True).check()


def tell_what_it_is(person: Visitor) -> None:
    person.page.get_by_role("link", name="Change Words").click()
    fill(person, name_cy="Lamp ddesg", summary_en="A lamp", summary_cy="Lamp")
    fill(person, description_en="It shines.", description_cy="Mae'n disgleirio.")
    person.press("Save")
    person.sees("The words were saved.")


def ask_on_two_pages(person: Visitor, *, seen: Any) -> None:
    """The model, with an option's code at fault at first; then, for the heavy one, what it is for."""
    person.page.get_by_role("link", name="Change The form").click()
    person.press("Add a page")
    choose(person, "One of several options")
    seen()
    person.press("Continue")
    fill(
        person,
        title_en="Model",
        title_cy="Model",
        label_en="Which model?",
        label_cy="Pa fodel?",
        code="model",
    )
    fill(person, options="Light | Ysgafn\nHeavy | Trwm | not a code")
    choose(person, "It must be answered")
    person.press("Add the page")
    person.sees("Line 2: Use letters, digits")
    seen()
    fill(person, options="Light | Ysgafn\nHeavy | Trwm | heavy")
    person.press("Add the page")
    person.sees("One of several options (model): Light, Heavy")
    person.press("Add a page")
    choose(person, "A line of text")
    person.press("Continue")
    fill(
        person,
        title_en="Reason",
        title_cy="Rheswm",
        label_en="Why heavy?",
        label_cy="Pam trwm?",
        max_length="20",
    )
    choose(person, "It must be answered")
    person.page.get_by_label("Asked when", exact=True).select_option("“Which model?” is Heavy")
    seen()
    person.press("Add the page")
    person.sees("Asked when “Which model?” is Heavy")
    seen()


def look_at_it(person: Visitor, *, seen: Any) -> None:
    """The preview in Welsh: the second page only for the heavy one."""
    person.press("Preview")
    person.press("Welsh")
    person.sees("Pa fodel?")
    choose(person, "Trwm")
    seen()
    person.press("Parhau")
    person.sees("Pam trwm?")


def plan_it(person: Visitor, code: str, *, seen: Any) -> None:
    """Two tasks, the second by a hook that is chosen by name and only for the heavy one; the picture shows both."""
    person.go(f"/admin/offerings/{code}/plan/")
    person.press("Add a task")
    fill(person, name_en="Order", name_cy="Archebu", takes="4")
    person.page.get_by_label("Group that does it").select_option(index=1)
    seen()
    person.press("Save")
    person.press("Add a task")
    fill(person, name_en="Register", name_cy="Cofrestru")
    person.page.get_by_label("Group that does it").select_option(index=1)
    choose(person, "Order")
    person.page.get_by_label("Done when").select_option("“Which model?” is Heavy")
    person.page.get_by_label("What it does by itself").select_option(index=1)
    person.press("Save")
    person.sees("Tells the hook")
    picture = person.page.get_by_role("region", name="What waits for what")
    expect(picture.locator("rect")).to_have_count(2)
    picture.focus()
    expect(picture).to_be_focused()
    seen()


def see_what_it_makes(person: Visitor, code: str, *, seen: Any) -> None:
    """After the last page of the preview: the second task is left out for the light one."""
    person.go(f"/admin/offerings/{code}/preview/")
    choose(person, "Light")
    person.press("Continue")
    person.sees("What these answers would make")
    person.sees("Register, done only when “Which model?” is Heavy")
    seen()


def cannot_take_the_question_out(person: Visitor, code: str, *, seen: Any) -> None:
    """What looks at the question stands in its way, each with the page that changes it."""
    person.go(f"/admin/offerings/{code}/parts/page/model/remove/")
    person.sees("“Model” cannot be removed yet")
    seen()
    person.press("Task “Register”")
    person.sees("What it does by itself")


def schema_of(stack: LiveStack, code: str) -> dict[str, Any]:
    """What the API says that an order of the offering must answer."""
    client = stack.demo["defra"]["api_clients"]["retained"]
    form = {"grant_type": "client_credentials"} | {
        name: client[name] for name in ("client_id", "client_secret")
    }
    token = requests.post(f"{stack.base_url}/identity/o/api/token", form, timeout=30).json()["access_token"]
    address = f"{stack.base_url}/api/v1/offerings/{code}/schema/"
    answer = requests.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=30)
    assert answer.status_code == 200, answer.text
    schema: dict[str, Any] = answer.json()
    return schema


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_a_two_page_form_is_built_and_published(
    live_stack: LiveStack, new_context: NewContext, javascript: bool
) -> None:
    person = visitor(new_context, live_stack, "administrator", java_script_enabled=javascript)

    def seen() -> None:
        if javascript:  # axe is a script itself
            person.is_accessible()

    code = f"desk-lamp-{'one' if javascript else 'two'}"
    person.go("/admin/offerings/")
    seen()
    person.press("New offering")
    fill(person, name="Desk lamp", code=code)
    person.page.get_by_label("Service", exact=True).select_option(index=1)
    person.press("Begin the draft")
    person.sees("This is a draft that nobody sees yet.")
    seen()
    tell_what_it_is(person)
    ask_on_two_pages(person, seen=seen)
    look_at_it(person, seen=seen)
    plan_it(person, code, seen=seen)
    see_what_it_makes(person, code, seen=seen)
    cannot_take_the_question_out(person, code, seen=seen)
    person.go(f"/admin/offerings/{code}/")
    person.sees("Nothing is missing.")
    person.press("Publish")
    fill(person, note="The first one")
    seen()
    person.press("Publish")
    person.sees("It is published.")
    person.sees("which is what the draft says")
    person.press("Versions")
    person.sees("The first one")
    seen()
    person.page.get_by_role("link", name="Show form of version 1").click()
    person.sees("As users saw version 1")
    person.sees("Which model?")

    schema = schema_of(live_stack, code)
    Draft202012Validator.check_schema(schema)
    answers = Draft202012Validator(schema)
    for given, is_right in (
        ({"model": "light"}, True),
        ({"model": "heavy", "why_heavy": "Big desk"}, True),
        ({"model": "heavy"}, False),
        ({"model": "light", "why_heavy": "Big desk"}, False),
        ({"model": "huge"}, False),
        ({"model": "heavy", "why_heavy": "Because of a very big desk"}, False),
        ({}, False),
    ):
        assert answers.is_valid(given) is is_right, given
