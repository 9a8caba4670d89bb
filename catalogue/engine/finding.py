"""Finding things by the beginnings of their words, in memory: a tenant's catalogue is a few thousand things."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

_WORD = re.compile(r"\w+")
# More words than this narrow nothing any more.
_WORDS_MAX = 12
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Findable:
    """The words that find a thing: of its name, and of all else that is said of it."""

    name: tuple[str, ...]
    rest: tuple[str, ...]

    @classmethod
    def of(cls, *, names: Iterable[str], rest: Iterable[str]) -> Self:
        """What finds a thing with these names (in whatever languages) and these other words."""
        return cls(_words(names), _words(rest))

    def rank(self, wanted: Sequence[str]) -> int | None:
        """How well it fits, lower is better; None when a word of `wanted` begins none of its words."""
        worst = 0
        for place, word in enumerate(wanted):
            if word in self.name:
                rank = 0 if place or self.name[0] != word else -1
            elif any(known.startswith(word) for known in self.name):
                rank = 1
            elif any(known.startswith(word) for known in self.rest):
                rank = 2
            else:
                return None
            worst += rank
        return worst


def find(things: Iterable[Thing], text: str, *, by: Callable[[Thing], Findable]) -> list[Thing]:
    """Those with all the words of `text`, the best fit first, else in the order given. Accents and case are no matter.

    None without a word to look for.
    """
    wanted = _words([text])[:_WORDS_MAX]
    if not wanted:
        return []
    ranked = [(rank, thing) for thing in things if (rank := by(thing).rank(wanted)) is not None]
    ranked.sort(key=lambda pair: pair[0])
    return [thing for _, thing in ranked]


def _words(texts: Iterable[str]) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", " ".join(texts)).casefold()
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(dict.fromkeys(_WORD.findall(bare)))
