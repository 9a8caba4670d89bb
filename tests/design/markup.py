"""HTML compared by meaning: attribute order, class order and white space do not count."""

import json
from html.parser import HTMLParser
from typing import Any

from design.build import GOVUK

# We add what assistive technology needs and the library leaves to the page, and words in the page.s language.
OUR_ADDITIONS = {"aria-invalid"}
TRANSLATIONS = "data-i18n."
Token = tuple[str, ...]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tokens: list[Token] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = []
        for name, value in attrs:
            text = " ".join(sorted((value or "").split())) if name == "class" else (value or "")
            if name == "id":
                self.ids.add(text)
            if name not in OUR_ADDITIONS and not name.startswith(TRANSLATIONS):
                kept.append(f"{name}={text}")
        self.tokens.append(("open", tag, *sorted(kept)))

    def handle_endtag(self, tag: str) -> None:
        self.tokens.append(("close", tag))

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words:
            self.tokens.append(("text", words))


def tokens(html: str) -> list[Token]:
    """The markup as a list that is equal for equal meaning."""
    reader = _Reader()
    reader.feed(html)
    return [token for token in reader.tokens if token[0] != "close" or token[1] != "input"]


def ids(html: str) -> set[str]:
    """Every id in the markup."""
    reader = _Reader()
    reader.feed(html)
    return reader.ids


def fixtures(component: str) -> list[dict[str, Any]]:
    """GOV.UK Frontend's own examples of a component: name, options and the HTML they must give."""
    path = GOVUK / "components" / component / "fixtures.json"
    loaded: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["fixtures"]
    return loaded
