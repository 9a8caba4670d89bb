"""Reads of what users can request.

A person's catalogue is the whole catalogue held in memory and filtered by audience: lists, search, suggestions,
addresses and the API all ask `cards_for` or `card_for`, so that none of them can show what another hides.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext

from catalogue.engine.audience import Audience, fits
from catalogue.engine.finding import Findable, find
from catalogue.engine.forms import in_language
from catalogue.models import Offering, OfferingAudience, OfferingVersion
from catalogue.queries.services import catalogue, services_on_offer
from lifecycle.public import NotFoundError
from people.public import Standing
from tenancy.public import compiled, kept


@dataclass(frozen=True, slots=True)
class Card:
    """A published offering as lists show it. Words by language; `unit_price` in pounds, None for free.

    `unit_price` is paid once for each, or each `period` ("once", "month" or "year").
    """

    offering_id: UUID
    version_id: UUID
    number: int
    code: str
    service_id: UUID
    category_id: UUID | None
    name: Mapping[str, str]
    summary: Mapping[str, str]
    unit_price: Decimal | None
    period: str
    max_quantity: int
    for_others: bool
    audience: Audience
    findable: Findable

    def words(self, language: str) -> tuple[str, str]:
        """Name and summary in a language, else in English."""
        return in_language(self.name, language), in_language(self.summary, language)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every published offering of a service on offer, by name and by code."""

    cards: Sequence[Card]
    by_code: Mapping[str, Card]


# Of a version's design, what a card shows; forms and plans stay in the database.
_SHOWN = ("name", "summary", "keywords", "price", "period", "max_quantity", "for_others")


@kept
def shelf() -> Shelf:
    """The offerings of the tenant in scope."""
    audiences = _audiences()
    on_offer = {service.pk: service for service in services_on_offer()}
    categories = catalogue().categories
    rows = OfferingVersion.objects.filter(
        offering__stage=Offering.Stage.PUBLISHED, number=F("offering__number")
    ).values_list(
        "offering_id",
        "id",
        "number",
        "offering__code",
        "offering__service_id",
        "offering__category_id",
        *(f"design__{name}" for name in _SHOWN),
    )
    cards = []
    for offering, version, number, code, service, category, *shown in rows:
        if service not in on_offer:
            continue
        known = dict(zip(_SHOWN, shown, strict=True))
        name, keywords = known["name"] or {}, known["keywords"] or {}
        around = [on_offer[service].name]
        if category in categories:
            around.append(categories[category].name)
        cards.append(
            Card(
                offering_id=offering,
                version_id=version,
                number=number,
                code=code,
                service_id=service,
                category_id=category,
                name=name,
                summary=known["summary"] or {},
                unit_price=Decimal(known["price"]) if known["price"] else None,
                period=known["period"] or "once",
                max_quantity=known["max_quantity"] or 1,
                for_others=bool(known["for_others"]),
                audience=audiences.get(offering, Audience()),
                findable=Findable.of(
                    names=name.values(),
                    rest=[*keywords.values(), *(known["summary"] or {}).values(), *around],
                ),
            )
        )
    cards.sort(key=lambda card: (card.name.get("en", "").casefold(), card.code))
    return Shelf(tuple(cards), {card.code: card for card in cards})


def _audiences() -> dict[UUID, Audience]:
    named: dict[UUID, tuple[set[UUID], set[UUID], set[UUID]]] = defaultdict(lambda: (set(), set(), set()))
    for offering, *keys in OfferingAudience.objects.values_list(
        "offering_id", "organisation_id", "role_id", "support_group_id"
    ):
        for key, sort in zip(keys, named[offering], strict=True):
            if key is not None:
                sort.add(key)
    return {key: Audience(*(frozenset(sort) for sort in sorts)) for key, sorts in named.items()}


def cards_for(standing: Standing, text: str = "") -> list[Card]:
    """The offerings that somebody may have, by name; with `text` those with all its words, the best first."""
    cards = [card for card in shelf().cards if _is_for(card, standing)]
    return find(cards, text, by=lambda card: card.findable) if text.strip() else cards


@dataclass(frozen=True, slots=True)
class CardPage:
    """A page of `total` offerings; where the next one begins ("" nowhere), and the one before (None nowhere)."""

    cards: Sequence[Card]
    total: int
    found: Sequence[Card]
    next_after: str
    previous_after: str | None


def card_page(standing: Standing, *, text: str, category: str, after: str, most: int) -> CardPage:
    """The `most` offerings that follow the one with the code `after`; one that is not there begins anew.

    `found` are those with the words of `text`, of any category.
    """
    found = cards_for(standing, text)
    keys = {row.pk for row in catalogue().categories.values() if row.code == category}
    cards = [card for card in found if card.category_id in keys] if category else found
    start = next((place + 1 for place, card in enumerate(cards) if card.code == after), 0)
    shown = cards[start : start + most]
    before = start - most - 1
    return CardPage(
        cards=shown,
        total=len(cards),
        found=found,
        next_after=shown[-1].code if start + most < len(cards) else "",
        previous_after=None if start == 0 else cards[before].code if before >= 0 else "",
    )


def card_for(standing: Standing, code: str) -> Card:
    """The offering with this code. Raises NotFoundError when there is none that somebody may have."""
    card = shelf().by_code.get(code)
    if card is None or not _is_for(card, standing):
        raise NotFoundError(gettext("There is no such offering."))
    return card


def is_entitled(standing: Standing, code: str) -> bool:
    """Whether somebody may have the offering with this code."""
    card = shelf().by_code.get(code)
    return card is not None and _is_for(card, standing)


def _is_for(card: Card, standing: Standing) -> bool:
    return fits(
        card.audience,
        organisations=standing.organisations,
        roles=standing.roles,
        groups=standing.groups,
    )


@compiled
def _version(*, code: str, number: int) -> QuerySet[OfferingVersion]:
    return OfferingVersion.objects.select_related("offering").filter(offering__code=code, number=number)


def offering_version(code: str, number: int) -> OfferingVersion:
    """A version of an offering, current or not. Raises NotFoundError."""
    version = _version.first(code=code, number=number)
    if version is None:
        raise NotFoundError(gettext("There is no such version of the offering."))
    return version


@compiled
def _versions(*, keys: Collection[UUID]) -> QuerySet[OfferingVersion]:
    return OfferingVersion.objects.select_related("offering").filter(pk__among=keys)


def versions_with(keys: Iterable[UUID]) -> dict[UUID, OfferingVersion]:
    """Versions by key, each with its offering."""
    return {version.pk: version for version in _versions(keys=list(keys))}


def versions_numbered(wanted: Collection[tuple[UUID, int]]) -> dict[tuple[UUID, int], OfferingVersion]:
    """Versions by offering (its key) and number, in one read."""
    if not wanted:
        return {}
    rows = OfferingVersion.objects.select_related("offering").filter(
        offering__in={offering for offering, _ in wanted}, number__in={number for _, number in wanted}
    )
    found = {(row.offering_id, row.number): row for row in rows}
    return {key: found[key] for key in wanted}


def all_offerings() -> QuerySet[Offering]:
    """Offerings in any stage, for those who design them."""
    return Offering.objects.select_related("service", "category")


def offerings_like(
    *, stage: str = "", service: str = "", category: str = "", text: str = ""
) -> QuerySet[Offering]:
    """Offerings in a stage, of a service, on a shelf (by code; "" for all), with a text in English name or code."""
    rows = all_offerings()
    if stage in Offering.Stage.values:
        rows = rows.filter(stage=stage)
    if service:
        rows = rows.filter(service__code=service)
    if category:
        rows = rows.filter(category__code=category)
    if text:
        rows = rows.filter(Q(design__name__en__icontains=text) | Q(code__icontains=text.lower()))
    return rows


def get_offering(code: str) -> Offering:
    """The offering with this code, in any stage. Raises NotFoundError."""
    offering = all_offerings().filter(code=code).first()
    if offering is None:
        raise NotFoundError(gettext("There is no such offering."))
    return offering


def versions_of_offering(offering: Offering) -> list[OfferingVersion]:
    """Every published version, the newest first."""
    return list(OfferingVersion.objects.filter(offering=offering).order_by("-number"))


def audience_of(offering: Offering) -> list[OfferingAudience]:
    """Whom the offering is for; empty for everybody."""
    rows = OfferingAudience.objects.select_related("organisation", "role", "support_group")
    return list(rows.filter(offering=offering).order_by("id"))
