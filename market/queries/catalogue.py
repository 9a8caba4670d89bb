"""The catalogue of what may be requested, as the market's tools browse it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from catalogue.public import Card, cards_for, form_of, in_language, offering_version
from people.public import Standing, directory

_TYPES = {"text": 6, "long_text": 2, "choice": 5, "many": 21, "yes_no": 7, "date": 9}


def items_for(text: str = "") -> Sequence[Card]:
    """What may be ordered for somebody, by name; with `text` what has all its words, the best first.

    A client orders in others' names, and whether they may have it is checked then: so it sees what anybody may have.
    """
    known = directory()
    anybody = Standing(frozenset(known.organisations), frozenset(known.roles), frozenset(known.groups))
    return cards_for(anybody, text)


def find_item(key: UUID) -> Card | None:
    """The published offering with this key."""
    return next((card for card in items_for() if card.offering_id == key), None)


def variables_of(card: Card, language: str) -> list[dict[str, Any]]:
    """The questions of an offering's form."""
    form = form_of(offering_version(card.code, card.number))
    return [
        {
            "name": field.code,
            "label": in_language(field.label, language),
            "type": _TYPES.get(field.type, 6),
            "friendly_type": field.type,
            "mandatory": field.is_required,
            "choices": [
                {"value": option.value, "label": in_language(option.label, language)}
                for option in field.options
            ],
        }
        for _, field in form.fields()
    ]
