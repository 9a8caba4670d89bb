"""What somebody can request: the catalogue as they see it, one offering, and their basket."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from catalogue.public import Card, active_categories, card_for, cards_for, offering_version
from people.public import Actor, standing_of

PAGE_SIZE = 24


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An offering as a line of the catalogue, in the reader's language. `price` in pounds, None for free."""

    code: str
    name: str
    summary: str
    price: Decimal | None
    period: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category of which the reader may have something, and how many things."""

    code: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class OfferPage:
    """Lines of the catalogue; `after` and `before` are where the pages around begin, "" where there is none."""

    lines: Sequence[OfferLine]
    total: int
    shelves: Sequence[Shelf]
    next_after: str
    previous_after: str | None


@dataclass(frozen=True, slots=True)
class OfferDetail:
    """An offering as its own page shows it."""

    code: str
    number: int
    name: str
    summary: str
    description: str
    price: Decimal | None
    period: str
    max_quantity: int
    for_others: bool
    has_form: bool
    is_approved: bool


def offer_page(
    actor: Actor, language: str, *, text: str = "", category: str = "", after: str = ""
) -> OfferPage:
    """A page of the offerings that the actor may have; with `text` the best fits, else by name.

    `after` is the code of the last one on the page before; a code that is not there begins anew.
    """
    cards = cards_for(standing_of(actor), text)
    shelves = _shelves(cards)
    if category:
        keys = {row.pk for row in active_categories() if row.code == category}
        cards = [card for card in cards if card.category_id in keys]
    start = next((place + 1 for place, card in enumerate(cards) if card.code == after), 0)
    shown = cards[start : start + PAGE_SIZE]
    is_more = start + PAGE_SIZE < len(cards)
    before = start - PAGE_SIZE - 1
    return OfferPage(
        [_line(card, language) for card in shown],
        len(cards),
        shelves,
        shown[-1].code if is_more else "",
        None if start == 0 else cards[before].code if before >= 0 else "",
    )


def suggestions(actor: Actor, language: str, text: str, *, most: int) -> list[OfferLine]:
    """The offerings that fit best what somebody types."""
    return [_line(card, language) for card in cards_for(standing_of(actor), text)[:most]]


def offer_detail(actor: Actor, code: str, language: str) -> OfferDetail:
    """An offering that the actor may have. Raises NotFoundError for any other."""
    card = card_for(standing_of(actor), code)
    design = offering_version(card.code, card.number).design
    name, summary = card.words(language)
    said = design.get("description", {})
    return OfferDetail(
        code=card.code,
        number=card.number,
        name=name,
        summary=summary,
        description=said.get(language) or said.get("en", ""),
        price=card.unit_price,
        period=card.period,
        max_quantity=card.max_quantity,
        for_others=card.for_others,
        has_form=bool(design.get("form", {}).get("pages")),
        is_approved=bool(design.get("approval", {}).get("levels")),
    )


def _shelves(cards: Sequence[Card]) -> list[Shelf]:
    counts: Counter[UUID | None] = Counter(card.category_id for card in cards)
    return [Shelf(row.code, row.name, counts[row.pk]) for row in active_categories() if counts[row.pk]]


def _line(card: Card, language: str) -> OfferLine:
    name, summary = card.words(language)
    return OfferLine(card.code, name, summary, card.unit_price, card.period)
