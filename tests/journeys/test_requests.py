"""From a wish to its fulfilment: a basket of three, approvals, tasks side by side, one of them failing, and the end."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Locator

from tests.journeys.actors import NewContext, Visitor, visitor
from tests.support.live import LiveStack

pytestmark = [pytest.mark.e2e]
PHONE = {"width": 390, "height": 800}
LONGEST_SECONDS = 30
Say = Callable[[str], str]


def speaker(language: str) -> Say:
    """What a text of the platform is in a language."""

    def say(text: str) -> str:
        with translation.override(language):
            return gettext(text)

    return say


def line_about(person: Visitor, number: str) -> Locator:
    """The link in the line of a list that is about a record."""
    return person.page.locator("main li").filter(has_text=number).get_by_role("link").first


def until(person: Visitor, path: str, there: Callable[[], bool]) -> None:
    """Open a page again and again until something is on it: what follows a step follows soon, not at once."""
    for _ in range(LONGEST_SECONDS):
        person.go(path)
        if there():
            return
        person.page.wait_for_timeout(1000)
    raise AssertionError(f"{path} never showed what was waited for")


def empty_basket(user: Visitor) -> int:
    """Take out whatever is in the basket; how many things that were."""
    removed = 0
    user.go("/basket/")
    while (button := user.page.locator("button[value^='remove:']")).count():
        button.first.click()
        user.page.wait_for_load_state()
        removed += 1
    return removed


def answer_laptop(user: Visitor, say: Say) -> None:
    user.go("/request/laptop/")
    user.press(say("Start your request"))
    user.page.locator("input[name=model][value=light]").check()
    user.press(say("Continue"))
    user.page.locator("input[name=place][value=office]").check()
    day = datetime.now(UTC) + timedelta(days=20)
    for part, number in (("day", day.day), ("month", day.month), ("year", day.year)):
        user.page.locator(f"input[name=needed_by_{part}]").fill(str(number))
    user.press(say("Continue"))


def answer_software(user: Visitor, say: Say) -> None:
    user.go("/request/software/")
    user.press(say("Start your request"))
    user.page.locator("input[name=name]").fill("Map drawer")
    user.page.locator("input[name=licence][value=no]").check()
    user.press(say("Continue"))
    # Only now is it asked what it may cost.
    user.page.locator("input[name=budget]").fill("120")
    user.press(say("Continue"))


def order(user: Visitor, say: Say, *, look: bool) -> list[str]:
    """Three things at once, one of them for a colleague; returns the numbers of the requests."""
    answer_laptop(user, say)
    answer_software(user, say)
    user.go("/request/headset/")
    user.press(say("Add to your basket"))
    user.go("/basket/")
    basket = user.page.locator("section.app-basket-line")
    assert basket.count() == 3
    headset = basket.filter(has=user.page.locator("input[name=requested_for]")).last
    headset.locator("input[name=requested_for]").fill("end-user-2@defra.example")
    headset.locator("button[value^='update:']").click()
    user.page.wait_for_load_state()
    user.sees("Ash Bramble")
    if look:
        user.is_accessible()
    user.press(say("Check your order"))
    if look:
        user.is_accessible()
    user.press(say("Order"))
    user.page.wait_for_url(re.compile(r"/basket/done/"))
    numbers = re.findall(r"REQ\d{7}", user.page.locator("main").inner_text())
    return list(dict.fromkeys(numbers))


def delegate(manager: Visitor, *, look: bool) -> None:
    """The line manager is away today."""
    today = datetime.now(UTC)
    manager.go("/account/delegations/")
    manager.page.get_by_label("Who decides for you?").fill("end-user-2@defra.example")
    for name in ("first_day", "last_day"):
        for part, number in (("day", today.day), ("month", today.month), ("year", today.year)):
            manager.page.locator(f"input[name={name}_{part}]").fill(str(number))
    manager.press("Let them decide")
    manager.sees("In force")
    if look:
        manager.is_accessible()


def decide(person: Visitor, number: str, decision: str, reason: str, *, look: bool) -> None:
    until(person, "/approvals/", lambda: line_about(person, number).count() > 0)
    if look:
        person.is_accessible()
    line_about(person, number).click()
    person.page.locator(f"input[name=decision][value={decision}]").check()
    person.page.locator("textarea[name=reason]").fill(reason)
    if look:
        person.is_accessible()
    person.press("Send your decision")


def task(agent: Visitor, request: str, title: str) -> str:
    """Where a task of a request is."""
    link = agent.page.locator("li.app-tasks__line").filter(has_text=title).get_by_role("link")
    until(agent, f"/desk/requests/{request}/", lambda: link.count() > 0)
    return str(link.first.get_attribute("href"))


def step(agent: Visitor, address: str, action: str, **typed: str) -> None:
    """Take a step with a task as soon as it is possible."""
    for _ in range(LONGEST_SECONDS):
        answer = agent.page.goto(f"{address}{action}/")
        if answer is not None and answer.status == 200:
            break
        agent.page.wait_for_timeout(1000)
    for name, text in typed.items():
        agent.page.locator(f"[name={name}]").fill(text)
    agent.page.locator("main form[method=post] button[type=submit]").first.click()
    agent.page.wait_for_load_state()


@pytest.mark.parametrize(
    ("language", "javascript"),
    [("en-gb", True), ("en-gb", False), ("cy", True)],
    ids=["with-javascript", "without", "in-welsh"],
)
def test_three_wishes(
    live_stack: LiveStack, new_context: NewContext, language: str, javascript: bool
) -> None:
    say, look = speaker(language), javascript
    user = visitor(new_context, live_stack, "end-user", java_script_enabled=javascript, viewport=PHONE)
    if language == "cy":
        user.press("Cymraeg")
    manager = visitor(new_context, live_stack, "manager", java_script_enabled=javascript)
    deputy = visitor(new_context, live_stack, "end-user-2", java_script_enabled=javascript, viewport=PHONE)
    agent = visitor(new_context, live_stack, "service-desk", java_script_enabled=javascript)

    empty_basket(user)
    laptop, software, _headset = order(user, say, look=look)
    delegate(manager, look=look)
    decide(deputy, laptop, "approved", "", look=look)
    decide(manager, software, "rejected", "Use the one in the browser", look=look)
    manager.go("/account/delegations/")
    manager.page.get_by_role("button", name=re.compile("End it now")).first.click()
    manager.sees("Ended")

    user.go(f"/records/{software}/")
    user.sees("Use the one in the browser")
    user.go(f"/records/{laptop}/")
    # Both names stand there: who decided, and for whom.
    user.sees("Ash Bramble")
    user.sees("Bryony Dale")
    if look:
        user.is_accessible()

    account, ordered = task(agent, laptop, "Prepare the account"), task(agent, laptop, "Order the laptop")
    step(agent, account, "fail", reason="The directory is down")
    step(agent, ordered, "complete")
    agent.go(f"/desk/requests/{laptop}/")
    if look:
        agent.is_accessible()
    step(agent, account, "retry")
    step(agent, account, "complete")
    for title in ("Install and test", "Hand it over"):
        step(agent, task(agent, laptop, title), "complete")

    have_it = user.page.get_by_role("button", name=say("I have it"), exact=True)
    until(user, f"/records/{laptop}/", lambda: have_it.count() > 0)
    user.press(say("I have it"))
    user.sees(say("Closed"))
    user.press(say("Request this again"))
    user.page.wait_for_url(re.compile(r"/basket/"))
    assert empty_basket(user) == 1
    if language == "cy":
        user.press("English")
