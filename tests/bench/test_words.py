from collections import Counter
from itertools import islice

from bench.words import search_words, texts, vocabulary


def test_texts_are_the_same_every_time() -> None:
    assert list(islice(texts(20), 20)) == list(texts(20))


def test_words_follow_zipf() -> None:
    words, _ = vocabulary()
    found = Counter(word for text in texts(2_000) for word in text.description.lower().strip(".").split())
    common, rare = found[words[0]], found[words[1_000]]
    assert common > 30 * rare


def test_words_to_search_for_are_rare_but_there() -> None:
    bodies = [f"{text.title} {text.description} {text.comment}".lower() for text in texts(2_000)]
    asked = search_words(50)
    assert len(asked) == 50
    hits = [sum(word in body for body in bodies) for word in asked]
    assert sum(1 for count in hits if count) > 40
    assert max(hits) < len(bodies) * 0.02
