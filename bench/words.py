"""Made-up words of incidents, drawn by Zipf's law; the same every time."""

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

_KNOWN = """
laptop printer password network account login screen error update server memory browser access folder share
phone monitor keyboard mouse certificate meeting driver licence install crash reset reboot wifi cable switch
router backup restore report invoice payroll portal request approval supplier office building desk badge
"""
_ONSETS = "bdfgklmnprstvz"
_VOWELS = "aeiou"
VOCABULARY = 5_000
POOL = 100_000
SEED = 20_261_122


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody wrote about a fault, and what was answered."""

    title: str
    description: str
    comment: str


@cache
def vocabulary() -> tuple[list[str], list[float]]:
    """The words, commonest first, and their cumulated weights."""
    chance = random.Random(SEED)  # noqa: S311  made-up text, not a secret
    syllables = [onset + vowel for onset in _ONSETS for vowel in _VOWELS]
    made = ("".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in itertools.count())
    words = list(
        itertools.islice(
            dict.fromkeys(itertools.chain(_KNOWN.split(), itertools.islice(made, 9_000))), VOCABULARY
        )
    )
    weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))
    return words, weights


def texts(count: int) -> Iterator[Text]:
    """So many texts: 6 words of title, 40 to 80 of description, 20 to 40 of comment."""
    chance = random.Random(SEED + 1)  # noqa: S311  as above
    words, weights = vocabulary()

    def some(least: int, most: int) -> str:
        drawn = chance.choices(words, cum_weights=weights, k=chance.randint(least, most))
        return " ".join(drawn).capitalize()

    for _ in range(count):
        yield Text(some(6, 6), some(40, 80) + ".", some(20, 40) + ".")


def search_words(count: int = 200) -> list[str]:
    """Words that 0.05 to 0.5 % of the texts hold: what somebody who searches would type."""
    sample = 5_000
    found: Counter[str] = Counter()
    for text in texts(sample):
        found.update(set(f"{text.title} {text.description} {text.comment}".lower().replace(".", "").split()))
    fitting = sorted(
        word for word, hits in found.items() if 0.0005 <= hits / sample <= 0.005 and len(word) >= 6
    )
    return random.Random(SEED + 2).sample(fitting, min(count, len(fitting)))  # noqa: S311  as above
