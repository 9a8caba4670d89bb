"""Take the pictures of the README from the instance that is running: `make pictures`."""

import json
import os
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.support.browser import find_browser, launch_arguments

FOLDER = Path(__file__).parent / "pictures"
SIZE = {"width": 1440, "height": 900}


def log_in(page: Page, base: str, person: dict[str, str]) -> None:
    """Log in as a demonstration person."""
    page.goto(f"{base}/account/login/")
    page.fill("input[name=login]", person["email"])
    page.fill("input[name=password]", person["password"])
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def main() -> None:
    """Write desk and portal, light and dark, to docs/pictures."""
    demo = json.loads((Path(os.environ.get("ITSM_HOME", ".local")) / "demo.json").read_text())
    shots = (("service-desk", "desk", "/desk/incidents/?view=all"), ("end-user", "portal", "/"))
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments(find_browser()))
        for key, name, path in shots:
            for scheme in ("light", "dark"):
                page = browser.new_page(viewport=SIZE, color_scheme=scheme)  # type: ignore[arg-type]
                log_in(page, demo["base_url"], demo["defra"]["people"][key])
                page.goto(demo["base_url"] + path)
                if name == "desk":
                    page.locator("a[data-row-link]").nth(2).click()
                    page.wait_for_load_state("networkidle")
                page.screenshot(path=FOLDER / f"{name}-{scheme}.png")
                page.context.close()
        browser.close()


if __name__ == "__main__":
    main()
