"""Reads of baskets."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from catalogue.models import OfferingVersion
from catalogue.public import Card, cards_for, pages_left, versions_numbered
from lifecycle.public import NotFoundError
from people.public import Actor, standing_of
from requests_app.models import Basket, BasketFile, BasketLine, Order


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of one's basket, with what is on offer now: no `card` when it is not, or not to this person.

    `version` is the one whose form was filled in; it `is_outdated` when another is on offer.
    """

    id: UUID
    code: str
    place: str
    quantity: int
    answers: Mapping[str, Any]
    pages: Sequence[str]
    recipient_name: str
    recipient_email: str
    version: OfferingVersion
    card: Card | None
    files: Mapping[str, BasketFile]

    @property
    def is_outdated(self) -> bool:
        """Whether another version is on offer now than the one that was filled in."""
        return self.card is not None and self.card.number != self.version.number

    @property
    def pages_left(self) -> Sequence[str]:
        """The pages of its form that are still to be answered."""
        return pages_left(self.version, self.answers, self.pages)


@dataclass(frozen=True, slots=True)
class BasketView:
    """One's basket as it is now; `version` 0 when there never was one."""

    version: int
    lines: Sequence[LineView]

    def at(self, *places: str) -> list[LineView]:
        """The lines at these places, in the order in which they were added."""
        return [line for line in self.lines if line.place in places]

    @property
    def can_be_ordered(self) -> bool:
        """Whether there is something to order, all of it as it is on offer now."""
        lines = self.at("basket")
        return bool(lines) and all(line.card is not None and not line.is_outdated for line in lines)

    @property
    def totals(self) -> Mapping[str, Decimal]:
        """What all of it costs in pounds, by how often it is paid; empty for what is free."""
        sums: dict[str, Decimal] = {}
        for line in self.at("basket"):
            if line.card is not None and line.card.unit_price:
                period = line.card.period
                sums[period] = sums.get(period, Decimal(0)) + line.card.unit_price * line.quantity
        return sums


def basket_of(actor: Actor) -> BasketView:
    """The basket of the actor, in a constant number of reads."""
    basket = Basket.objects.filter(membership=actor.membership_id).first()
    if basket is None:
        return BasketView(0, [])
    rows = list(
        BasketLine.objects.select_related("offering", "requested_for")
        .filter(basket=basket)
        .order_by("added_at", "id")
    )
    files: dict[UUID, dict[str, BasketFile]] = defaultdict(dict)
    for file in BasketFile.objects.filter(line__in=rows).order_by("added_at", "id"):
        files[file.line_id][str(file.pk)] = file
    versions = versions_numbered({(row.offering_id, row.number) for row in rows})
    cards = {card.code: card for card in cards_for(standing_of(actor))} if rows else {}
    return BasketView(
        basket.version,
        [
            LineView(
                id=row.pk,
                code=row.offering.code,
                place=row.place,
                quantity=row.quantity,
                answers=row.answers,
                pages=row.pages,
                recipient_name=row.requested_for.name if row.requested_for else "",
                recipient_email=row.requested_for.email if row.requested_for else "",
                version=versions[row.offering_id, row.number],
                card=cards.get(row.offering.code),
                files=files[row.pk],
            )
            for row in rows
        ],
    )


def line_of_basket(actor: Actor, line_id: UUID) -> LineView:
    """One line of the actor's basket. Raises NotFoundError."""
    found = next((line for line in basket_of(actor).lines if line.id == line_id), None)
    if found is None:
        raise NotFoundError(gettext("There is no such line in your basket."))
    return found


def lines_in_basket(membership_id: UUID) -> QuerySet[BasketLine]:
    """The lines that wait in a member's basket to be ordered."""
    return BasketLine.objects.filter(basket__membership=membership_id, place=BasketLine.Place.BASKET)


def get_order(actor: Actor, number: str) -> Order:
    """An order of the actor's own. Raises NotFoundError."""
    order = Order.objects.filter(number=number.upper(), ordered_by=actor.membership_id).first()
    if order is None:
        raise NotFoundError(gettext("There is no such order."))
    return order
