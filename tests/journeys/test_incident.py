"""One incident from report to closure, as the two people in it live it."""

import re

import pytest

from tests.journeys.actors import NewContext, Visitor, visitor
from tests.support.live import LiveStack

pytestmark = [pytest.mark.e2e]


def report(user: Visitor, *, title: str, look: bool) -> str:
    """Report a problem, one page after the other; returns the number on the last one."""

    def seen() -> None:
        if look:
            user.is_accessible()

    user.go("/report/")
    seen()
    user.press("Continue")
    user.sees("There is a problem")
    seen()
    user.page.get_by_label("What is the problem?").fill(title)
    user.page.get_by_label("Tell us more").fill("It began this morning.")
    user.press("Continue")
    seen()
    user.page.get_by_label("Me", exact=True).check()
    user.press("Continue")
    seen()
    user.page.get_by_label("Office network and wifi").check()
    user.page.get_by_label("A team", exact=True).check()
    user.page.get_by_label("They can do some of their work").check()
    user.press("Continue")
    seen()
    user.page.locator("input[name=contact_by]").first.check()
    user.press("Continue")
    user.sees(title)
    seen()
    user.page.locator("main form button").last.click()
    user.page.wait_for_url(re.compile(r"/report/done/"))
    seen()
    found = re.search(r"INC\d{7}", user.page.locator("main").inner_text())
    assert found is not None
    return found[0]


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_from_report_to_closure(live_stack: LiveStack, new_context: NewContext, javascript: bool) -> None:
    options = {"java_script_enabled": javascript}
    # Axe is a script itself: it looks at the pages of the journey that has JavaScript.
    look = javascript
    user = visitor(new_context, live_stack, "end-user", **options)
    agent = visitor(new_context, live_stack, "service-desk", **options)
    number = report(user, title="Wifi gone on the second floor", look=look)

    agent.go(f"/desk/incidents/{number}/")
    agent.sees("Wifi gone on the second floor")
    if look:
        agent.is_accessible()
    agent.press("Take")
    agent.sees("In progress")
    agent.go(f"/desk/incidents/{number}/pend_requester/")
    agent.page.locator("main textarea").first.fill("Which building are you in?")
    if look:
        agent.is_accessible()
    agent.page.locator("main form button[type=submit]").last.click()
    agent.page.wait_for_url(re.compile(rf"/desk/incidents/{number}/$"))
    agent.sees("Which building are you in?")

    user.go(f"/records/{number}/")
    user.sees("Which building are you in?")
    if look:
        user.is_accessible()
    user.page.locator("main textarea").first.fill("Nobel House")
    user.page.locator("main form", has=user.page.locator("textarea")).first.locator("button").last.click()
    user.page.wait_for_load_state()
    user.sees("Nobel House")

    resolve(agent, number, "The access point was restarted.")
    user.go(f"/records/{number}/")
    user.sees("The access point was restarted.")
    user.press("It is not fixed")
    user.page.locator("main textarea").first.fill("It is gone again.")
    user.page.locator("main form button[type=submit]").last.click()
    user.page.wait_for_load_state()

    resolve(agent, number, "The access point was replaced.")
    user.go(f"/records/{number}/")
    user.press("It is fixed")
    user.sees("closed")
    agent.go(f"/desk/incidents/{number}/")
    agent.sees("Closed")


def resolve(agent: Visitor, number: str, text: str) -> None:
    """Resolve an incident by the desk's form."""
    agent.go(f"/desk/incidents/{number}/resolve/")
    agent.page.locator("main select").first.select_option("fixed")
    agent.page.locator("main textarea").first.fill(text)
    agent.page.locator("main form button[type=submit]").last.click()
    agent.page.wait_for_url(re.compile(rf"/desk/incidents/{number}/$"))
    agent.sees("Resolved")


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("end-user", "/"),
        ("end-user", "/records/"),
        ("end-user", "/search/?q=printer"),
        ("end-user", "/account/preferences/"),
        ("service-desk", "/desk/"),
        ("service-desk", "/desk/incidents/?view=all"),
        ("service-desk", "/desk/incidents/new/"),
        ("service-desk", "/desk/search/?q=laptop"),
        ("administrator", "/desk/mail/"),
        ("service-management", "/admin/services/"),
        ("service-management", "/admin/services/rural-payments/promises/"),
        ("service-management", "/admin/services/farm-visits/steps/publish/"),
        ("service-management", "/admin/services/farm-visits/parts/add/"),
        ("service-management", "/admin/services/farm-visits/groups/1/"),
        ("service-management", "/admin/services/farm-visits/plan/"),
        ("service-management", "/admin/components/"),
        ("service-management", "/admin/components/new/"),
        ("service-management", "/admin/components/wifi/"),
        ("service-management", "/admin/components/wifi/remove/"),
        ("service-management", "/admin/targets/incident-resolution-p2/edit/"),
        ("service-management", "/admin/contracts/"),
        ("service-management", "/admin/contracts/hosting/"),
        ("service-management", "/admin/contracts/hosting/terms/"),
    ],
)
def test_pages_are_accessible(live_stack: LiveStack, new_context: NewContext, who: str, path: str) -> None:
    someone = visitor(new_context, live_stack, who)
    someone.go(path)
    someone.is_accessible()
