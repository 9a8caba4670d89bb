"""Words that are the same for every reader of a language are looked up once, not on every page."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.utils.translation import get_language

T = TypeVar("T")


def once_per_language(make: Callable[[], T]) -> Callable[[], T]:
    """A function of no arguments that asks for translations; each language is asked for them once.

    What it returns is shared between requests: callers must not change it.
    """
    made: dict[str | None, T] = {}

    @wraps(make)
    def found() -> T:
        language = get_language()
        if language not in made:
            made[language] = make()
        return made[language]

    return found
