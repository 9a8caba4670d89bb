"""Words for people that are made where the framework is not known: in engines, and in tables of data.

`say` speaks at once, in the language of whoever is served: for what is refused or found just now. `word` only marks a
text for the translators: for labels in tables, which whoever shows them translates. See docs/adr/0014-words.md.
"""

from collections.abc import Callable

Translate = Callable[[str], str]


class _Tongue:
    """What translates. English, as the texts are written, until the platform says otherwise."""

    translate: Translate = staticmethod(str)


def speak_with(translate: Translate) -> None:
    """Have `say` speak through this function from now on: the platform does so once, when it starts."""
    _Tongue.translate = staticmethod(translate)


def say(pattern: str, /, **values: object) -> str:
    """A text in the language of now, its `%(name)s` filled with `values`."""
    said = _Tongue.translate(pattern)
    return said % values if values else said


def word(text: str, /) -> str:
    """The text itself, marked for the translators."""
    return text
