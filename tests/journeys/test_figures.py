"""A manager follows a number of a dashboard down to the custody of one record."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.journeys.actors import NewContext, Visitor, visitor
from tests.support.live import LiveStack

pytestmark = [pytest.mark.e2e]

PAGES = (
    "/reports/",
    "/reports/sla/",
    "/reports/suppliers/?by=support_group",
    "/reports/custody/",
    "/reports/breaches/",
    "/reports/watermelon/",
    "/reports/workload/?by=organisation",
    "/reports/numbers/records.opened/",
    "/reports/sla/?from=tomorrow&service=nothing",
    "/reports/issued/",
    "/reports/issue/",
    "/reports/check/",
    "/reports/schedules/",
    "/reports/schedules/new/",
    "/admin/",
    "/admin/what-if/",
    "/admin/what-if/new/",
)


def _first_count(person: Visitor) -> str:
    """Open the first number on the page that counts something; returns it."""
    numbers = person.page.locator("main table td a")
    for index in range(numbers.count()):
        text = numbers.nth(index).inner_text().strip()
        if re.fullmatch(r"[1-9][\d,]*", text):
            numbers.nth(index).click()
            person.page.wait_for_load_state()
            return text
    pytest.fail(f"no number on {person.page.url}")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_from_a_dashboard_to_one_records_custody(
    live_stack: LiveStack, new_context: NewContext, javascript: bool
) -> None:
    manager = visitor(new_context, live_stack, "service-management", java_script_enabled=javascript)
    month = f"{datetime.now(UTC):%Y-%m}"
    manager.go("/reports/")
    manager.press("Workload and backlog")
    manager.page.get_by_label("From month").fill(month)
    manager.page.get_by_label("Break down by").select_option("support_group")
    manager.press("Show")
    number = _first_count(manager)
    manager.sees(number)
    manager.sees("is counted")
    manager.sees("Left out")
    rows = manager.page.locator("main tbody tr")
    expect(rows).to_have_count(min(int(number.replace(",", "")), 50))
    manager.page.locator("main tbody a").first.click()
    manager.page.wait_for_load_state()
    expect(manager.page).to_have_url(re.compile(r"/desk/incidents/INC\d{7}/$"))
    manager.sees("Who held it")


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_accessible(live_stack: LiveStack, new_context: NewContext, path: str) -> None:
    manager = visitor(new_context, live_stack, "service-management")
    manager.go(path)
    manager.is_accessible()
