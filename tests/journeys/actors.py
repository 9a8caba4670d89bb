"""People in browsers: what they do, in the words on the page."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.live import LiveStack

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NewContext = Callable[..., BrowserContext]


@dataclass(frozen=True)
class Visitor:
    """One person with one browser."""

    page: Page

    def go(self, path: str) -> None:
        """Open an address."""
        self.page.goto(path)

    def press(self, text: str) -> None:
        """Press the button, or follow the link, with this text."""
        pattern = re.compile(rf"^\s*{re.escape(text)}\s*$")
        target = self.page.get_by_role("button", name=pattern).or_(
            self.page.get_by_role("link", name=pattern)
        )
        target.first.click()
        self.page.wait_for_load_state()

    def sees(self, text: str) -> None:
        """The main part of the page shows the text."""
        expect(self.page.locator("main")).to_contain_text(text)

    def is_accessible(self) -> None:
        """Axe finds nothing on the page, in light and in dark."""
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": RULES}})
            faults = [f"{each['id']}: {each['nodes'][0]['html']}" for each in found.response["violations"]]
            assert not faults, f"{self.page.url} in {scheme}: {faults}"
        self.page.emulate_media(color_scheme="light")


def visitor(new_context: NewContext, stack: LiveStack, who: str, **options: Any) -> Visitor:
    """A demonstration person, logged in."""
    page = new_context(base_url=stack.base_url, **options).new_page()
    person = stack.demo["defra"]["people"][who]
    page.goto("/account/login/")
    page.get_by_label("Email").fill(person["email"])
    page.locator("input[name=password]").fill(person["password"])
    page.locator("main button[type=submit]").first.click()
    page.wait_for_load_state()
    return Visitor(page)
