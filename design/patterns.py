"""Markup that stands on a page many times: a template once per language, filled like a format string."""

import re
from collections.abc import Callable
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeData, SafeString

from design.languages import once_per_language

_INDENTATION = re.compile(r"\s*\n\s*")


Fill = Callable[..., SafeString]


class Pattern:
    """A template whose `{names}` are filled with keyword arguments, each escaped unless safe.

    The template speaks the reader's language but knows nothing else: whatever differs is an argument.
    """

    def __init__(self, template_name: str) -> None:
        self._template_name = template_name
        self._in_language = once_per_language(self._read)

    def __call__(self, **values: object) -> SafeString:
        """The markup with these values."""
        return self._in_language()(**values)

    def in_language(self) -> Fill:
        """The same in the language of now, for filling it many times over."""
        return self._in_language()

    def _read(self) -> Fill:
        text = _INDENTATION.sub("\n", render_to_string(self._template_name)).strip()

        def fill(**values: object) -> SafeString:
            return SafeString(text.format_map({name: _escaped(value) for name, value in values.items()}))

        return fill


# Most of what is shown has nothing to escape, and one look tells.
_is_plain = re.compile(r"[^&<>\"']*").fullmatch


def _escaped(value: object) -> str:
    # What Django's conditional_escape does, at a fraction of its price: safe text stays safe as a string.
    if isinstance(value, SafeData):
        return str(value)
    text = str(value)
    return text if _is_plain(text) or isinstance(text, SafeData) else escape(text)
