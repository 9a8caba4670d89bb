"""Templates compiled once per language, and patterns filled many times."""

from itertools import pairwise

import pytest
from django.template import Context, Template
from django.template.base import TextNode
from django.template.defaulttags import URLNode
from django.template.loader import get_template, render_to_string
from django.templatetags.i18n import TranslateNode
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from design.languages import once_per_language
from design.patterns import Pattern


def compiled(name: str) -> Template:
    template: Template = get_template(name).template  # type: ignore[attr-defined]
    return template


def test_a_page_is_in_the_language_of_its_reader_whatever_was_read_before() -> None:
    shown: dict[str, set[str]] = {}
    for language in ("en-gb", "cy", "en-gb", "cy"):
        with translation.override(language):
            shown.setdefault(language, set()).add(render_to_string("portal/base.html"))
    assert [len(pages) for pages in shown.values()] == [1, 1]
    assert "Skip to main content" in min(shown["en-gb"])
    assert "Skip to main content" not in min(shown["cy"])


def test_fixed_words_and_addresses_are_plain_text_once_compiled() -> None:
    nodes = compiled("portal/search_box.html").nodelist
    assert not nodes.get_nodes_by_type(TranslateNode)
    assert not nodes.get_nodes_by_type(URLNode)
    assert any(
        'action="/search/"' in str(node.render(Context())) for node in nodes.get_nodes_by_type(TextNode)
    )
    # An address with a variable in it stays to be looked up.
    assert compiled("portal/report/done.html").nodelist.get_nodes_by_type(URLNode)


def test_no_two_pieces_of_text_stand_side_by_side() -> None:
    nodes = list(compiled("design/shortcuts.html").nodelist)
    assert not [pair for pair in pairwise(nodes) if all(isinstance(node, TextNode) for node in pair)]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("<b>'\"&", "&lt;b&gt;&#x27;&quot;&amp;"),
        (SafeString("<b>"), "<b>"),
        (gettext_lazy("<i>"), "&lt;i&gt;"),
        ("{label}", "{label}"),
        (3, "3"),
    ],
)
def test_what_fills_a_pattern_is_escaped_unless_safe(value: object, shown: str) -> None:
    tag = Pattern("design/tag.html")
    assert tag(text=value, colour="") == f'<strong class="govuk-tag">{shown}</strong>'
    assert tag.in_language()(text=value, colour="") == tag(text=value, colour="")


def test_words_are_asked_for_once_per_language() -> None:
    asked = []

    @once_per_language
    def language() -> str | None:
        asked.append(translation.get_language())
        return asked[-1]

    for name in ("cy", "en-gb", "cy"):
        with translation.override(name):
            assert language() == name
    assert asked == ["cy", "en-gb"]
