"""A request from the basket to its end, as the one who asks and the agent who works its task live it."""

import re

import pytest

from tests.journeys.actors import NewContext, Visitor, visitor
from tests.support.live import LiveStack

pytestmark = [pytest.mark.e2e]


def order(user: Visitor, offering: str) -> str:
    """Order something that nobody is asked about; returns the request's number."""
    user.go(f"/request/{offering}/")
    user.press("Add to your basket")
    user.go("/basket/check/")
    user.page.locator("main form button[type=submit]").last.click()
    user.page.wait_for_url(re.compile(r"/basket/done/"))
    found = re.search(r"REQ\d{7}", user.page.locator("main").inner_text())
    assert found is not None
    return found[0]


def task_of(agent: Visitor, number: str) -> str:
    """The first task of a request, planned a moment after it was ordered; its address."""
    link = agent.page.locator(".app-tasks a").first
    for _ in range(20):
        agent.go(f"/desk/requests/{number}/")
        if link.count():
            break
        agent.page.wait_for_timeout(500)
    return str(link.get_attribute("href"))


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_from_the_basket_to_the_end(live_stack: LiveStack, new_context: NewContext, javascript: bool) -> None:
    options = {"java_script_enabled": javascript}
    # Axe is a script itself: it looks at the pages of the journey that has JavaScript.
    look = javascript
    user = visitor(new_context, live_stack, "end-user", **options)
    agent = visitor(new_context, live_stack, "service-desk", **options)
    number = order(user, "headset")

    task = task_of(agent, number)
    agent.sees("Being fulfilled")
    if look:
        agent.is_accessible()
    agent.go(task)
    agent.sees(number)
    if look:
        agent.is_accessible()
    agent.press("Take")
    agent.sees("In progress")
    agent.go(f"{task}fail/")
    agent.page.locator("main textarea").first.fill("None in stock.")
    if look:
        agent.is_accessible()
    agent.page.locator("main form button[type=submit]").last.click()
    agent.page.wait_for_url(re.compile(rf"{task}$"))
    agent.sees("None in stock.")
    agent.press("Try again")
    agent.sees("Ready")
    agent.go(f"{task}complete/")
    agent.page.locator("main textarea").first.fill("Put on the desk.")
    if look:
        agent.is_accessible()
    agent.page.locator("main form button[type=submit]").last.click()
    agent.page.wait_for_url(re.compile(rf"{task}$"))
    agent.sees("Put on the desk.")
    agent.go(f"/desk/requests/{number}/")
    agent.sees("Fulfilled")

    user.go(f"/records/{number}/")
    user.press("I have it")
    user.sees("closed")
    agent.go("/desk/tasks/?view=all")
    if look:
        agent.is_accessible()
    agent.go("/desk/requests/?view=resolved")
    if look:
        agent.is_accessible()
