"""Both shells and the error pages: complete without any context, and within a strict content policy."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.utils import translation

from design.build import ROOT

TEMPLATES = ROOT / "templates"
ERRORS = ["403", "404", "409", "422", "429", "500", "503"]
SHELLS = ["portal/base.html", "desk/base.html", "design/split.html", "design/plain.html"]


def page(source: str, **context: Any) -> str:
    return str(engines["django"].from_string(source).render(context))


@pytest.mark.parametrize("name", [*SHELLS, *(f"errors/{code}.html" for code in ERRORS)])
def test_a_page_renders_with_nothing_known(name: str) -> None:
    html = render_to_string(name)
    assert html.lstrip().startswith("<!DOCTYPE html>")
    assert html.count("<main") == 1
    assert 'id="main-content"' in html
    assert 'href="#main-content"' in html
    assert 'name="viewport"' in html


@pytest.mark.parametrize("name", [*SHELLS, "errors/404.html"])
def test_every_script_carries_the_nonce_of_the_response(name: str) -> None:
    html = render_to_string(name, {"csp_nonce": "n0nce"})
    scripts = re.findall(r"<script[^>]*>", html)
    assert len(scripts) == 3
    assert all('nonce="n0nce"' in script for script in scripts)


def test_pages_shown_when_the_application_fails_need_no_script() -> None:
    for name in ("errors/500.html", "errors/503.html"):
        assert "<script" not in render_to_string(name, {"csp_nonce": "n0nce"})


# Letters are no pages: mail programs know no style sheets, and no policy of ours reaches them.
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "mail/letter" not in str(path))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_needs_a_looser_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=\"|javascript:", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert "nonce" in script


@pytest.mark.parametrize(("shell", "suffix"), [("portal/base.html", "Defra"), ("desk/base.html", "Defra")])
def test_the_title_ends_in_the_name_of_the_tenant(shell: str, suffix: str) -> None:
    html = page(
        "{% extends shell %}{% block title %}Incidents{% endblock %}", shell=shell, tenant={"name": suffix}
    )
    title = " ".join(re.findall(r"<title>(.*?)</title>", html, re.DOTALL)[0].split())
    assert title == "Incidents \N{EN DASH} Defra"


def test_preferences_reach_the_document() -> None:
    preferences = {"theme": "dark", "density": "compact", "shortcuts": False}
    html = page('{% extends "desk/base.html" %}', preferences=preferences)
    for attribute in ('data-theme="dark"', 'data-density="compact"', 'data-shortcuts="off"'):
        assert attribute in html


@pytest.mark.parametrize("language", ["en-gb", "cy"])
def test_the_document_says_its_language(language: str) -> None:
    with translation.override(language):
        assert f'<html lang="{language}"' in page('{% extends "portal/base.html" %}')


def test_the_current_process_is_marked_and_its_key_known() -> None:
    navigation = [
        {"label": "Incidents", "url": "/desk/incident/", "current": True, "count": 0, "key": "i"},
        {"label": "Requests", "url": "/desk/request/", "current": False, "count": None, "key": None},
    ]
    html = page('{% extends "desk/base.html" %}', navigation=navigation)
    assert html.count('aria-current="true"') == 1
    assert html.count("data-go=") == 1
    assert html.count("app-count") == 1


def test_a_signed_out_reader_sees_no_account() -> None:
    assert "Sign out" not in page('{% extends "portal/base.html" %}')
    assert "app-menu" not in page('{% extends "desk/base.html" %}')


def test_403_names_the_role_and_whom_to_ask() -> None:
    html = render_to_string("errors/403.html", {"role": "Change authority", "ask": "Rhian Davies"})
    assert "You need the role “Change authority” to do this." in html
    assert "Ask Rhian Davies to give it to you." in html


def test_409_shows_both_versions() -> None:
    rows = [{"label": "Priority", "yours": "2", "theirs": "3"}]
    html = render_to_string("errors/409.html", {"rows": rows, "retry_url": "/desk/incident/INC0000042/"})
    for text in ("Priority", "Your version", "Saved version", "/desk/incident/INC0000042/"):
        assert text in html


def test_failure_pages_carry_the_phone_number_and_the_reference() -> None:
    html = render_to_string("errors/500.html", {"phone": "020 7946 0000", "reference": "a1b2c3"})
    assert "020 7946 0000" in html
    assert "a1b2c3" in html
