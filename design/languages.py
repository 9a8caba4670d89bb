"""The language spoken, and words that are the same for every reader of it, looked up once rather than on every page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TypeVar

from django.utils import translation

T = TypeVar("T")

_spoken: ContextVar[str] = ContextVar("design_language", default="")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Translate into a language for the block. The only way to choose one, so that `spoken` is always right."""
    token = _spoken.set(language)
    try:
        with translation.override(language):
            yield
    finally:
        _spoken.reset(token)


def spoken() -> str | None:
    """The language in force, as Django's `get_language` says: a page asks some hundreds of times, and this is quick."""
    return _spoken.get() or translation.get_language()


def content_language() -> str:
    """The language of words that tenants write: "cy" or "en"."""
    return "cy" if (spoken() or "").startswith("cy") else "en"


def once_per_language(make: Callable[[], T]) -> Callable[[], T]:
    """A function of no arguments that asks for translations; each language is asked for them once.

    What it returns is shared between requests: callers must not change it.
    """
    made: dict[str | None, T] = {}

    @wraps(make)
    def found() -> T:
        language = spoken()
        if language not in made:
            made[language] = make()
        return made[language]

    return found
