"""What somebody can request: the catalogue as they see it, one offering, and their basket."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from catalogue.public import (
    Card,
    Findable,
    active_categories,
    card_for,
    card_page,
    cards_for,
    find,
    in_language,
    offering_version,
    services_on_offer,
)
from people.public import Actor, standing_of
from requests_app.public import OfferPromise, needs_approval, promised_for_offer

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
    """An offering as its own page shows it. `promise` is when it is ready if it is ordered now, if that can be said."""

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
    promise: OfferPromise | None


def offer_page(
    actor: Actor, language: str, *, text: str = "", category: str = "", after: str = ""
) -> OfferPage:
    """A page of the offerings that the actor may have; with `text` the best fits, else by name.

    `after` is the code of the last one on the page before; a code that is not there begins anew.
    """
    page = card_page(standing_of(actor), text=text, category=category, after=after, most=PAGE_SIZE)
    return OfferPage(
        [_line(card, language) for card in page.cards],
        page.total,
        _shelves(page.found),
        page.next_after,
        page.previous_after,
    )


def first_offers(actor: Actor, language: str, *, text: str, most: int) -> Sequence[OfferLine]:
    """The offerings that the actor may have and that fit a text best."""
    return [_line(card, language) for card in cards_for(standing_of(actor), text)[:most]]


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service that one may report a problem with."""

    code: str
    name: str
    description: str


def first_services(text: str, *, most: int) -> Sequence[ServiceLine]:
    """The services in use that fit a text best: everybody may report a problem with each of them."""
    found = find(
        services_on_offer(),
        text,
        by=lambda row: Findable.of(names=[row.name], rest=[row.description]),
    )
    return [ServiceLine(row.code, row.name, row.description) for row in found[:most]]


def offer_detail(actor: Actor, code: str, language: str, now: datetime) -> OfferDetail:
    """An offering that the actor may have. Raises NotFoundError for any other."""
    card = card_for(standing_of(actor), code)
    version = offering_version(card.code, card.number)
    design = version.design
    name, summary = card.words(language)
    said = design.get("description", {})
    return OfferDetail(
        code=card.code,
        number=card.number,
        name=name,
        summary=summary,
        description=in_language(said, language),
        price=card.unit_price,
        period=card.period,
        max_quantity=card.max_quantity,
        for_others=card.for_others,
        has_form=bool(design.get("form", {}).get("pages")),
        is_approved=needs_approval(version),
        promise=promised_for_offer(version, now),
    )


def _shelves(cards: Sequence[Card]) -> list[Shelf]:
    counts: Counter[UUID | None] = Counter(card.category_id for card in cards)
    return [Shelf(row.code, row.name, counts[row.pk]) for row in active_categories() if counts[row.pk]]


def _line(card: Card, language: str) -> OfferLine:
    name, summary = card.words(language)
    return OfferLine(card.code, name, summary, card.unit_price, card.period)
