"""Both shells in a real browser, under the content policy: keyboard, focus, axe, narrow, without script."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.template import engines
from playwright.sync_api import Browser, Locator, Page, expect

from design.build import OUTPUT, build, installed_sources
from design.clocks import ClockFace, CustodyShare
from design.forms import DeskForm, FieldStyle, GovukDateField, GovukForm
from design.theme import theme_css

pytestmark = pytest.mark.e2e

POLICY = (
    "default-src 'self'; script-src 'nonce-n0nce' 'strict-dynamic'; style-src 'self'; object-src 'none';"
    " base-uri 'none'; form-action 'self'"
)
KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
AXE_RULES = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
FACES = [
    ClockFace("Response SLA", "stopped", 1_200, "The first reply was sent after 24 minutes.", elapsed=1_440),
    ClockFace("Resolution SLA", "at_risk", 2_400, "75% of 4 working hours are used."),
    ClockFace("OLA Network", "breached", -5_700, "Network held it for 3h 35m; the target is 2 hours."),
    ClockFace("UC Vodafone", "paused", 7_800, "Paused since 1:10pm: waiting for the requester."),
    ClockFace("User clock", "ok", 18_000, "Runs from opening to fixed, without pauses."),
]
SHARES = [
    CustodyShare("Service desk", 7_200, 0.3, "party-1"),
    CustodyShare("Requester", 16_800, 0.7, "requester"),
]


class ReportForm(GovukForm):
    title = forms.CharField(label="What is the problem?", help_text="In a few words")
    details = forms.CharField(label="Details", widget=forms.Textarea, max_length=200)
    affected = forms.ChoiceField(
        label="Who is affected?", widget=forms.RadioSelect, choices=[("me", "Me"), ("us", "Us")]
    )
    contact = forms.MultipleChoiceField(
        label="How can we reach you?",
        widget=forms.CheckboxSelectMultiple,
        choices=[("m", "Email"), ("p", "Phone")],
    )
    service = forms.ChoiceField(label="Which service?", choices=[("", "Choose"), ("mail", "Email")])
    since = GovukDateField(label="When did it start?")
    screenshot = forms.FileField(label="Screenshot")
    field_styles = {"details": FieldStyle(character_count=True)}  # noqa: RUF012 - read only


class ReplyForm(DeskForm):
    body = forms.CharField(label="Reply", widget=forms.Textarea)


class NoteForm(DeskForm):
    note = forms.CharField(label="Work note", widget=forms.Textarea)


FORM_PAGE = """{% extends "portal/base.html" %}{% load design %}{% block title %}Report{% endblock %}
{% block nav %}{% back_link "/" %}{% endblock %}{% block content %}{% error_summary form %}
<h1 class="govuk-heading-l">Report a problem</h1><form method="post" novalidate>{{ form }}{% button "Continue" %}</form>
{% endblock %}"""

QUEUE_PAGE = """{% extends "design/split.html" %}{% load design %}{% block title %}Incidents{% endblock %}
{% block toolbar %}
<div class="app-live" role="status" data-live-url="{{ live_url }}" data-live-renew="/live-again"
     data-text-lost="Paused at {time}">
  <div id="arrivals" hx-get="/arrivals" hx-trigger="live:changed from:body"></div>
  <span class="app-live__lost" data-live-lost hidden></span>
</div>
<div class="app-toolbar"><h1>Incidents</h1></div>
{% endblock %}
{% block list %}
<table class="app-queue"><caption class="govuk-visually-hidden">Incidents</caption>
  <thead><tr>
    <td class="app-queue__tick"><input type="checkbox" data-select-all aria-label="Select all"></td>
    <th scope="col">Number</th><th scope="col">Title</th><th scope="col">Clock</th>
  </tr></thead>
  <tbody>{% for face in faces %}<tr data-row>
    <td class="app-queue__tick">
      <input type="checkbox" data-row-select name="selected" aria-label="Select {{ forloop.counter }}">
    </td>
    <td class="app-queue__number">
      <a class="govuk-link" href="#{{ forloop.counter }}" data-row-link>INC000000{{ forloop.counter }}</a>
    </td>
    <td class="app-queue__main">
      <span class="app-queue__title">No network</span><span class="app-queue__second">Sam</span>
    </td>
    <td>{% clock_chip face focusable=False %}</td>
  </tr>{% endfor %}</tbody>
</table>
<div data-bulk><span data-bulk-count>0</span> selected</div>
{% endblock %}
{% block detail %}
<h2>INC0000001</h2>
<div class="app-clocks">{% for face in faces %}{% clock_chip face %}{% endfor %}</div>
{% custody_bar shares "Who held it" %}
{% include "design/composer.html" with requester="Priya" comment_url="/c" note_url="/n" %}
{% endblock %}"""

NAVIGATION = [
    {"label": "Home", "url": "#home", "current": False, "count": None, "key": "h"},
    {"label": "Incidents", "url": "#incidents", "current": True, "count": 5, "key": "i"},
]


def page_html(path: str, theme: str) -> str:
    """The page of an address, drawn by the real templates."""
    context: dict[str, Any] = {
        "csp_nonce": "n0nce",
        "tenant": {"name": "Department for Environment, Food & Rural Affairs"},
        "actor": {"name": "Sam Carter", "email": "sam@example.org"},
        "navigation": NAVIGATION,
        "preferences": {"theme": theme, "shortcuts": path != "/queue-without-shortcuts"},
    }
    if path == "/queue-ending":
        context["session_seconds"] = 121
    if path == "/form":
        source = FORM_PAGE
        context["form"] = ReportForm({})
    else:
        source = QUEUE_PAGE
        context["live_url"] = "/live?too-old" if path == "/queue-refused" else "/live?fresh"
        context |= {"faces": FACES, "shares": SHARES, "comment_form": ReplyForm(), "note_form": NoteForm()}
    return str(engines["django"].from_string(source).render(context))


_MESSAGE = 'data: {"kind": "incident.opened", "id": "019e0000-0000-7000-8000-000000000000"}\n\n'
# What the scripts of a page fetch.
ANSWERS = {
    "/live": ("text/event-stream", _MESSAGE * 2),
    "/live-again": ("application/json", '{"url": "/live?fresh"}'),
    "/arrivals": ("text/html; charset=utf-8", "2 new"),
}


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Keep the test's output quiet."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/broken":
            return self.send_error(500)
        if (path, query) == ("/live", "too-old"):
            return self.send_error(403)
        if path in ANSWERS:
            return self._send(*ANSWERS[path])
        if path == "/theme.css":
            return self._send("text/css", theme_css(brand_colour="#00592d"))
        name = path.removeprefix("/static/design/")
        if name != path:
            return self._send(KINDS[name.rpartition(".")[2]], (OUTPUT / name).read_text(encoding="utf-8"))
        return self._send("text/html; charset=utf-8", page_html(path, query or "light"))

    def _send(self, kind: str, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(text.encode())


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Address of a small server over the real templates and the built assets."""
    build(sources=installed_sources(), output=OUTPUT)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@dataclass
class Watched:
    """A page and what its console complained about."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str, *, theme: str = "light") -> Page:
        self.page.goto(f"{self.site}{path}?{theme}")
        return self.page


@pytest.fixture
def watched(page: Page, site: str) -> Iterator[Watched]:
    """A browser page that fails its test on any script error or breach of the content policy."""
    watch = Watched(page, site)
    page.on("pageerror", lambda error: watch.complaints.append(str(error)))
    page.on(
        "console", lambda message: watch.complaints.append(message.text) if message.type == "error" else None
    )
    yield watch
    assert watch.complaints == []


def violations(page: Page) -> list[str]:
    response = Axe().run(page, options={"runOnly": AXE_RULES}).response
    return [f"{found['id']}: {found['nodes'][0]['html']}" for found in response["violations"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/form", "/queue"])
@pytest.mark.parametrize("width", [1440, 320])
def test_a_shell_has_no_barrier(watched: Watched, path: str, theme: str, width: int) -> None:
    watched.page.set_viewport_size({"width": width, "height": 800})
    page = watched.open(path, theme=theme)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def width_of(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["width"]


def test_each_line_of_the_error_summary_moves_focus_to_its_control(watched: Watched) -> None:
    page = watched.open("/form")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    links = page.locator(".govuk-error-summary a")
    assert links.count() == len(ReportForm.base_fields)
    for at in range(links.count()):
        link = links.nth(at)
        target = (link.get_attribute("href") or "").removeprefix("#")
        link.click()
        assert page.evaluate("document.activeElement.id") == target


def test_rows_are_walked_and_chosen_by_keyboard(watched: Watched) -> None:
    page = watched.open("/queue")
    expect(page.locator("[data-bulk]")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-row-link]").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("[data-row-link]").nth(0)).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-row-select]").nth(0)).to_be_checked()
    expect(page.locator("[data-bulk-count]")).to_have_text("1")


def test_reply_note_search_and_go_have_keys(watched: Watched) -> None:
    page = watched.open("/queue")
    page.keyboard.press("n")
    expect(page.locator("#id_note")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.locator("#id_body")).to_be_focused()
    page.keyboard.type("jx")
    expect(page.locator("#id_body")).to_have_value("jx")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#desk-search")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**#home")
    page.keyboard.press("?")
    expect(page.locator("[data-shortcut-sheet]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-shortcut-sheet]")).to_be_hidden()


def test_single_keys_can_be_switched_off(watched: Watched) -> None:
    page = watched.open("/queue-without-shortcuts")
    for key in ("j", "n", "?", "/"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement === document.body")


def test_ticking_with_shift_chooses_a_range(watched: Watched) -> None:
    page = watched.open("/queue")
    boxes = page.locator("[data-row-select]")
    boxes.nth(0).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("4")


def test_arrivals_are_counted_by_the_server_without_moving_the_list(watched: Watched) -> None:
    page = watched.open("/queue")
    expect(page.locator("#arrivals")).to_have_text("2 new")
    assert page.locator("[data-row]").count() == len(FACES)


def test_a_page_whose_address_for_live_updates_is_too_old_asks_for_another(page: Page, site: str) -> None:
    page.goto(f"{site}/queue-refused")
    expect(page.locator("[data-live-lost]")).to_contain_text("Paused at")
    expect(page.locator("#arrivals")).to_have_text("2 new", timeout=15_000)


def test_a_clock_gives_its_reason_on_focus_and_escape_takes_it_away(watched: Watched) -> None:
    page = watched.open("/queue")
    chip = page.locator(".app-split__detail .app-clock").nth(2)
    reason = chip.locator(".app-clock__reason")
    assert width_of(reason) <= 1
    chip.focus()
    assert width_of(reason) > 100
    page.keyboard.press("Escape")
    assert width_of(reason) <= 1


def test_a_session_about_to_end_asks_and_stays(watched: Watched) -> None:
    page = watched.open("/queue-ending")
    dialog = page.locator("dialog[data-session-seconds]")
    expect(dialog).to_be_visible()
    page.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()


def test_a_part_that_fails_to_load_says_so_and_keeps_what_was_typed(page: Page, site: str) -> None:
    page.goto(f"{site}/queue")
    page.locator("#id_body").fill("Half a reply")
    page.evaluate("htmx.ajax('GET', '/broken', '#detail')")
    expect(page.locator("#detail .app-fragment-error")).to_be_visible()
    expect(page.get_by_role("link", name="Try again")).to_be_visible()
    expect(page.locator("#id_body")).to_have_value("Half a reply")


def test_pages_work_without_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/queue")
    expect(page.locator("[data-bulk]")).to_be_visible()
    expect(page.locator("[data-live-lost]")).to_be_hidden()
    page.locator("summary", has_text="Add a work note").click()
    expect(page.locator("#id_note")).to_be_visible()
    page.locator(".app-menu__summary").click()
    expect(page.get_by_role("button", name="Compact")).to_be_visible()
    context.close()
