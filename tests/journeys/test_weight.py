"""What a page of the portal costs whoever opens it for the first time: at most 100 KB over the wire, fonts and all."""

import pytest

from tests.journeys.actors import NewContext, visitor
from tests.support.live import LiveStack

pytestmark = [pytest.mark.e2e]
MOST = 100_000
PAGES = (
    "/",
    "/request/",
    "/basket/",
    "/approvals/",
    "/records/",
    "/search/?q=laptop",
    "/report/",
    "/account/delegations/",
)


def test_no_page_of_the_portal_weighs_more(live_stack: LiveStack, new_context: NewContext) -> None:
    person = visitor(new_context, live_stack, "end-user")
    wire = person.page.context.new_cdp_session(person.page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    received: list[float] = []
    wire.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
    person.go("/request/")
    offer = person.page.locator("main a[href^='/request/']").last.get_attribute("href") or ""
    weights = {}
    for path in (*PAGES, offer):
        received.clear()
        answer = person.page.goto(path, wait_until="load")
        assert answer is not None
        assert answer.status == 200, path
        person.page.wait_for_timeout(300)  # what comes after the page has loaded counts too
        weights[path] = sum(received)
    assert len(received) > 2, "the page's styles and script are counted too"
    assert len(weights) == len(PAGES) + 1, "a page of an offering is among them"
    assert {path: weight for path, weight in weights.items() if weight > MOST} == {}
