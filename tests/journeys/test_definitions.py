"""An administrator changes a calendar and a target: looks at what it changes, mends what was wrong, saves."""

from collections.abc import Callable

import pytest

from tests.journeys.actors import NewContext, Visitor, visitor
from tests.support.live import LiveStack

pytestmark = [pytest.mark.e2e]

LOOK = "Look at what it changes"


def fill(person: Visitor, label: str, text: str) -> None:
    person.page.get_by_label(label, exact=True).fill(text)


def administrator(
    new_context: NewContext, stack: LiveStack, *, javascript: bool
) -> tuple[Visitor, Callable[[], None]]:
    """An administrator, and what looks at the page that they see with axe, which is a script itself."""
    person = visitor(new_context, stack, "administrator", java_script_enabled=javascript)

    def seen() -> None:
        if javascript:
            person.is_accessible()

    return person, seen


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_a_calendar_is_changed(live_stack: LiveStack, new_context: NewContext, javascript: bool) -> None:
    person, seen = administrator(new_context, live_stack, javascript=javascript)
    year = "2027" if javascript else "2028"
    person.go("/admin/")
    seen()
    person.press("Calendars")
    seen()
    person.press("Office hours, England")
    seen()
    person.press("Change")
    fill(person, "Monday", "08:00-12:00, 11:00-18:00")
    fill(person, "Exceptions", "tomorrow")
    seen()
    person.press(LOOK)
    person.sees("There is a problem")
    person.sees("Two intervals overlap")
    seen()
    person.page.get_by_role("link", name="Two intervals overlap").click()
    assert person.page.get_by_label("Monday", exact=True).evaluate(
        "field => field === document.activeElement"
    ) or (not javascript)
    assert person.page.get_by_label("Exceptions", exact=True).input_value() == "tomorrow"
    fill(person, "Monday", "08:00-12:00, 13:00-18:00")
    fill(person, "Exceptions", f"{year}-12-24: 09:00-12:00")
    fill(person, "Year", year)
    person.press(LOOK)
    person.sees("Nothing is saved yet")
    person.sees("08:00 to 12:00 and 13:00 to 18:00")
    seen()
    person.press("Change something")
    assert person.page.get_by_label("Monday", exact=True).input_value() == "08:00-12:00, 13:00-18:00"
    person.press(LOOK)
    person.press("Save")
    person.sees("The calendar has a new version.")
    person.sees("to come")
    seen()


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_a_target_is_changed(live_stack: LiveStack, new_context: NewContext, javascript: bool) -> None:
    person, seen = administrator(new_context, live_stack, javascript=javascript)
    year = "2027" if javascript else "2028"
    person.go("/admin/targets/")
    seen()
    person.press("Incident resolution, priority 4")
    seen()
    person.press("Change")
    seen()
    hours = 27 if javascript else 28
    fill(person, "Time", f"{hours} h")
    fill(person, "Year", year)
    person.page.get_by_label("Any waiting state").last.check()
    person.press(LOOK)
    person.sees(f"{hours} hours of open time")
    seen()
    person.press("Save")
    person.sees("The target has a new version.")
    person.sees("Any waiting state")
    seen()
    person.press("Retire")
    seen()


def test_the_second_of_two_is_shown_both(live_stack: LiveStack, new_context: NewContext) -> None:
    one = visitor(new_context, live_stack, "administrator")
    other = visitor(new_context, live_stack, "administrator")
    address = "/admin/targets/incident-response-p5/edit/"
    for person, hours in ((one, "9h"), (other, "10h")):
        person.go(address)
        fill(person, "Time", hours)
    one.press(LOOK)
    one.press("Save")
    one.sees("The target has a new version.")
    other.press(LOOK)
    other.sees("Somebody changed this while you were editing")
    other.sees("9h")
    other.is_accessible()
    assert other.page.get_by_label("Time", exact=True).input_value() == "10h"
