"""A supplier contests the time held against it; service management rules; the scorecard shows both figures."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.journeys.actors import NewContext, Visitor, visitor
from tests.journeys.test_incident import resolve
from tests.support.live import LiveStack

pytestmark = [pytest.mark.e2e]

GROUNDS = "We waited for a key to the room"
# Figures follow within a second or two of the ruling; a slow machine gets longer.
PATIENCE_S = 30.0


def _choose(person: Visitor, label: str) -> None:
    person.page.get_by_label(label, exact=True).check()


def _resolved_incident(supplier: Visitor) -> None:
    """Take the first incident that the supplier sees and resolve it; its page is shown at the end."""
    supplier.go("/desk/incidents/?view=all")
    supplier.page.locator("main a", has_text=re.compile("INC|Payment")).first.click()
    supplier.page.wait_for_load_state()
    found = re.search(r"INC\d{7}", supplier.page.locator("main").inner_text())
    assert found is not None
    supplier.go(f"/desk/incidents/{found[0]}/")
    supplier.press("Take")
    resolve(supplier, found[0], "The batch was started again.")


def _contest(supplier: Visitor, look: Callable[[], None]) -> None:
    look()
    supplier.page.get_by_role("link", name=re.compile("^Contest the time from")).first.click()
    supplier.page.wait_for_load_state()
    supplier.press("Contest")
    supplier.sees("There is a problem")
    look()
    _choose(supplier, "The requester")
    supplier.page.get_by_label("Why do you contest it?").fill(GROUNDS)
    supplier.page.get_by_label("Evidence").fill("Message 4711 in our own system.")
    supplier.press("Contest")
    supplier.sees(GROUNDS)
    look()


def _uphold(chief: Visitor, look: Callable[[], None]) -> None:
    chief.go("/desk/disputes/")
    chief.sees(GROUNDS)
    look()
    chief.page.get_by_role("link", name=re.compile(GROUNDS)).click()
    chief.page.wait_for_load_state()
    look()
    chief.press("Continue")
    chief.sees("There is a problem")
    _choose(chief, "Uphold in full")
    chief.page.get_by_label("Reasons").fill("The door log says so.")
    chief.press("Continue")
    chief.sees("Nothing is ruled yet.")
    chief.press("Change something")
    chief.press("Continue")
    chief.sees("changes")
    chief.press("Rule")
    chief.sees("Upheld")
    look()


def test_contested_ruled_and_counted(live_stack: LiveStack, new_context: NewContext) -> None:
    """Without JavaScript; the same pages are looked at by axe, which is a script, as the same people."""
    supplier, chief = (
        visitor(new_context, live_stack, role, java_script_enabled=False)
        for role in ("resolver", "service-management")
    )
    supplier_seen, chief_seen = (
        visitor(new_context, live_stack, role) for role in ("resolver", "service-management")
    )

    def look(eyes: Visitor, person: Visitor) -> None:
        eyes.go(person.page.url)
        eyes.is_accessible()

    supplier.go("/desk/disputes/")
    supplier.sees("No disputes")
    look(supplier_seen, supplier)
    _resolved_incident(supplier)
    _contest(supplier, lambda: look(supplier_seen, supplier))
    _uphold(chief, lambda: look(chief_seen, chief))

    month = f"{datetime.now(UTC):%Y-%m}"
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        chief.go(f"/reports/suppliers/?from={month}&to={month}")
        if "before rulings" in chief.page.locator("main").inner_text():
            break
        time.sleep(0.5)
    chief.sees("before rulings")
    look(chief_seen, chief)
    first = chief.page.locator(".app-figures").first
    measured = {
        text.split()[-2] for text in first.locator(".app-figures__before").all_inner_texts() if "%" in text
    }
    drawn = {text.split()[0] for text in first.locator(".app-chart__text").all_text_contents()}
    assert measured, "a share of the time changed"
    assert not measured & drawn, "the picture shows figures as ruled, like the table"
