"""A service from an idea to live, in the browser: what is missing is told at once, and another signs it off."""

from typing import Any

import pytest
from playwright.sync_api import FilePayload

from tests.journeys.actors import NewContext, Visitor, visitor
from tests.support.live import LiveStack

pytestmark = [pytest.mark.e2e]
EVIDENCE = ("monitoring", "continuity", "rota", "articles", "tests")


def step(person: Visitor, service: str, label: str) -> None:
    """Take a step in the life of a service: its page leads to one that asks."""
    person.go(service)
    person.press(label)
    person.press(label)


def propose(chief: Visitor, code: str) -> str:
    """Write a service down; returns where it is."""
    chief.go("/admin/services/new/")
    chief.page.locator("[name=name]").fill("Tide tables")
    chief.page.locator("[name=code]").fill(code)
    chief.page.locator("[name=owner]").fill("service-management@defra.example")
    chief.page.locator("[name=support_group]").select_option("service-desk")
    chief.page.locator("[name=hours]").select_option(index=1)
    chief.press("Propose it")
    chief.sees("Tide tables is proposed.")
    return f"/admin/services/{code}/"


def define(chief: Visitor, service: str) -> None:
    """Say everything that the template asks for, and publish it."""
    chief.go(f"{service}definition/edit/")
    for area in chief.page.locator("main textarea").all():
        area.fill("High and low water, for every harbour.")
    chief.press("Save the draft")
    chief.press("Publish")
    chief.sees("Version 1 is published.")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "on-a-phone-without"])
def test_a_service_goes_live_and_is_offered(
    live_stack: LiveStack, new_context: NewContext, javascript: bool
) -> None:
    how: dict[str, Any] = {"java_script_enabled": javascript}
    if not javascript:
        how["viewport"] = {"width": 390, "height": 844}
    chief = visitor(new_context, live_stack, "administrator", **how)
    other = visitor(new_context, live_stack, "service-management", **how)
    service = propose(chief, f"tide-tables-{'one' if javascript else 'two'}")
    step(chief, service, "Begin its design")
    step(chief, service, "Hand it over for acceptance")
    step(chief, service, "Publish")
    chief.sees("The published definition says nothing under")
    chief.sees("It is monitored")
    if javascript:  # axe is a script itself
        chief.is_accessible()

    define(chief, service)
    report: FilePayload = {"name": "pilot.txt", "mimeType": "text/plain", "buffer": b"It went well."}
    for check in EVIDENCE:
        chief.go(f"{service}readiness/{check}/evidence/")
        chief.page.locator("[name=words]").fill("See the report of the pilot.")
        if check == "tests":
            chief.page.locator("[name=attached]").set_input_files([report])
        chief.press("Save")
    chief.sees("pilot.txt")
    chief.go(f"{service}readiness/contracts/waive/")
    chief.page.locator("[name=words]").fill("We make it ourselves.")
    chief.press("Save")
    if javascript:
        chief.is_accessible()
    for check in EVIDENCE:
        other.go(f"{service}readiness/{check}/sign/")
        other.press("Sign it off")
    other.sees("100 % ready")

    step(chief, service, "Publish")
    chief.sees("Tide tables is live now.")
    chief.go(f"{service}readiness/")
    chief.sees("Early-life support until")
    chief.go("/admin/offerings/new/")
    chief.page.locator("[name=name]").fill("Tide table on paper")
    chief.page.locator("[name=code]").fill(f"tide-paper-{'one' if javascript else 'two'}")
    chief.page.get_by_label("Service", exact=True).select_option("Tide tables")
    chief.press("Begin the draft")
    chief.sees("This is a draft that nobody sees yet.")
    assert chief.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
