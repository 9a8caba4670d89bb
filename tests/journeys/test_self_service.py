"""What runs by itself: somebody asks for it on a phone, a system does it, and they accept it."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.actors import NewContext, Visitor, visitor
from tests.support.live import LiveStack

pytestmark = [pytest.mark.e2e]

PHONE = {"width": 390, "height": 800}
LONGEST_SECONDS = 45


def order(user: Visitor, *, look: bool) -> str:
    """Order the restart of a machine, page by page; returns the request's number."""

    def seen() -> None:
        if look:
            user.is_accessible()

    user.go("/request/")
    user.page.get_by_label("What do you need?").fill("restart")
    user.page.get_by_role("search").last.get_by_role("button").click()
    user.page.wait_for_load_state()
    user.press("Restart my virtual machine")
    user.sees("if you order it now")
    seen()
    user.press("Start your request")
    user.page.get_by_label("Its name").fill("vm-rivers-07")
    user.page.get_by_label("Yes").check()
    seen()
    user.press("Continue")
    user.sees("Ready by")
    seen()
    user.press("Check your order")
    user.sees("vm-rivers-07")
    seen()
    user.press("Order")
    user.page.wait_for_url(re.compile(r"/basket/done/"))
    user.sees("We aim to have it ready by")
    seen()
    found = re.search(r"REQ\d{7}", user.page.locator("main").inner_text())
    assert found is not None
    return found[0]


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_a_machine_is_restarted_by_itself(
    live_stack: LiveStack, new_context: NewContext, javascript: bool
) -> None:
    user = visitor(new_context, live_stack, "end-user", java_script_enabled=javascript, viewport=PHONE)
    number = order(user, look=javascript)
    done = user.page.get_by_role("button", name="I have it")
    for _ in range(LONGEST_SECONDS):
        user.go(f"/records/{number}/")
        if done.count():
            break
        user.page.wait_for_timeout(1000)
    user.sees("We think that you have what you asked for.")
    if javascript:
        user.is_accessible()
    user.press("I have it")
    user.sees("Thank you. Your request is closed")


def test_a_hook_is_tried_out(live_stack: LiveStack, new_context: NewContext) -> None:
    chief = visitor(new_context, live_stack, "administrator")
    for path in ("/admin/hooks/", "/admin/hooks/new/", "/admin/hooks/password-reset/secret/"):
        chief.go(path)
        chief.is_accessible()
    chief.go("/admin/hooks/password-reset/")
    chief.press("Send a test")
    chief.sees("The test is on its way")
    answer = chief.page.get_by_role("row").filter(has_text="TEST-")
    for _ in range(30):
        chief.go("/admin/hooks/password-reset/")
        if answer.count():
            break
        chief.page.wait_for_timeout(1000)
    expect(answer.first).to_contain_text("200")
    chief.is_accessible()
