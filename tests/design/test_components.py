"""Components as pages use them: escaped, silent when there is nothing to show."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.utils.safestring import mark_safe

HOSTILE = "<script>alert(1)</script>"
AT = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)


def shown(source: str, **context: Any) -> str:
    return Template("{% load design %}" + source).render(Context(context))


@pytest.mark.parametrize(
    "source",
    [
        "{% button text %}",
        "{% button text href=text %}",
        "{% back_link text text %}",
        "{% breadcrumbs pairs %}",
        "{% summary_list pairs card_title=text %}",
        "{% tag text %}",
        "{% panel text text %}",
        "{% pagination previous_url=text next_url=text previous_text=text next_text=text label=text %}",
        "{% tabs pairs text %}",
        "{% task_list things %}",
        "{% timeline things %}",
        "{% progress pairs text %}",
        "{% details text %}{{ text }}{% enddetails %}",
        "{% inset %}{{ text }}{% endinset %}",
        "{% warning %}{{ text }}{% endwarning %}",
        "{% notification text %}{{ text }}{% endnotification %}",
        "{% thread_entry thing %}",
        "{% empty_state text text url=text action=text %}",
        '{% include "design/conflict.html" with rows=things %}',
        '{% include "design/error_fragment.html" with message=text retry_url=text %}',
    ],
)
def test_everything_passed_to_a_component_is_escaped(source: str) -> None:
    fields = (
        "title",
        "url",
        "status",
        "hint",
        "colour",
        "by",
        "body",
        "author",
        "door",
        "label",
        "yours",
        "theirs",
    )
    thing = SimpleNamespace(**dict.fromkeys(fields, HOSTILE), at=AT, kind="comment", number=None)
    html = shown(source, text=HOSTILE, pairs=[(HOSTILE, HOSTILE)], things=[thing], thing=thing)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("source", ["{% pagination %}", "{% error_summary form %}"])
def test_nothing_to_say_shows_nothing(source: str) -> None:
    assert shown(source, form=forms.Form()).strip() == ""


def entry(kind: str, body: str) -> SimpleNamespace:
    return SimpleNamespace(kind=kind, author="Dev Patel", at=AT, body=body, door="", number=7)


def test_a_work_note_is_labelled_and_shaped_unlike_a_comment() -> None:
    note = shown("{% thread_entry entry %}", entry=entry("work_note", "Check the switch"))
    comment = shown("{% thread_entry entry %}", entry=entry("comment", "We are on it"))
    assert "Work note" in note
    assert "app-entry--work-note" in note
    assert "Work note" not in comment
    assert "app-entry--work-note" not in comment
    assert "Comment" in comment


def test_text_gets_paragraphs_and_sanitised_markup_stays() -> None:
    assert "<p>one</p>" in shown("{% thread_entry entry %}", entry=entry("comment", "one\n\ntwo"))
    marked = shown("{% thread_entry entry %}", entry=entry("comment", mark_safe("<b>bold</b>")))
    assert "<b>bold</b>" in marked


def test_a_change_link_says_what_it_changes() -> None:
    rows = [{"key": "Name", "value": "Sam", "actions": [{"url": "/name/", "text": "Change"}]}]
    html = shown("{% summary_list rows %}", rows=rows)
    assert 'Change<span class="govuk-visually-hidden"> Name</span>' in html


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        (
            '{% button "Go" name="do" value="it" shortcut="a" %}',
            ['name="do"', 'value="it"', 'data-shortcut="a"'],
        ),
        ('{% button "Go" href="/x/" variant="start" %}', ['href="/x/"', "govuk-button--start", "<svg"]),
        ('{% button "Go" disabled=True %}', ["disabled"]),
        ('{% button "Go" variant="link" %}', ["app-quiet-button"]),
    ],
)
def test_a_button_takes_what_a_page_needs(source: str, kept: list[str]) -> None:
    html = shown(source)
    for part in kept:
        assert part in html


def test_a_count_of_zero_is_a_count() -> None:
    links = [
        {"label": "Open", "url": "/", "current": True, "count": 0},
        {"label": "All", "url": "/a", "count": None},
    ]
    html = shown('{% tabs links "Views" %}', links=links)
    assert html.count("app-count") == 1
    assert html.count('aria-current="page"') == 1


class NameForm(forms.Form):
    name = forms.CharField()


@pytest.mark.parametrize(
    ("context", "prefix"),
    [
        ({"form": NameForm({})}, "Error: "),
        ({"form": NameForm({"name": "Sam"})}, ""),
        ({"form": NameForm()}, ""),
        ({"has_errors": True}, "Error: "),
        ({}, ""),
    ],
)
def test_the_title_says_error_only_while_the_form_is_refused(context: dict[str, Any], prefix: str) -> None:
    assert shown("{% title_prefix %}", **context) == prefix
