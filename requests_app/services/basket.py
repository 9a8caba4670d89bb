"""The basket: what somebody is about to order, kept on the server, the same in every tab."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from catalogue.models import OfferingVersion
from catalogue.public import (
    Card,
    card_for,
    carry_over_answers,
    form_of,
    offering_version,
    pages_left,
    read_page,
)
from lifecycle.public import ForbiddenError, NotFoundError, RuleError, StaleVersionError
from people.models import Membership
from people.public import Actor, standing_of
from records.models import Record
from records.public import require
from requests_app.models import Basket, BasketFile, BasketLine
from requests_app.queries.lookups import TenantLookups, today_of
from requests_app.queries.requests import request_detail
from requests_app.services.basket_files import discard_files
from requests_app.services.recipients import find_recipient

LINES_MAX = 50
_MAKE = "request:make"


def start_line(
    *, offering: str, answers: Mapping[str, Any] | None = None, actor: Actor, at: datetime
) -> BasketLine:
    """Begin to request an offering; `answers` are suggestions, such as those of an earlier request.

    An offering without a form goes to the basket at once. Raises NotFoundError for an offering that is not the
    actor's to have, RuleError when the basket is full.
    """
    require(actor, _MAKE)
    card = card_for(standing_of(actor), offering)
    with transaction.atomic():
        basket = _locked_basket(actor, at)
        if BasketLine.objects.filter(basket=basket).count() >= LINES_MAX:
            raise RuleError(f"A basket holds {LINES_MAX} things. Order or remove some first.")
        line = BasketLine(
            basket=basket,
            offering_id=card.offering_id,
            number=card.number,
            answers=dict(answers or {}),
            added_at=at,
        )
        _settle(line, offering_version(card.code, card.number))
        line.save(force_insert=True)
        _touch(basket, at)
    return line


def request_again(*, record: Record, actor: Actor, at: datetime) -> BasketLine:
    """Begin to request what a request asked for, as it is offered now, with its answers to look over; without files.

    Raises NotFoundError for an offering that is not the actor's to have any more.
    """
    detail = request_detail(record)
    files = {field.code for _, field in form_of(detail.offering_version).fields() if field.type == "file"}
    answers = {code: answer for code, answer in detail.answers.items() if code not in files}
    return start_line(offering=detail.offering.code, answers=answers, actor=actor, at=at)


def answer_page(
    *, line_id: UUID, page: str, answers: Mapping[str, Any], actor: Actor, at: datetime
) -> BasketLine:
    """Keep the answers of one page. After the last page the line is in the basket.

    Raises RuleError with the wrong answers by field; NotFoundError for a line that is not the actor's, or that was
    filled in for a version that is no longer on offer.
    """

    def change(line: BasketLine) -> None:
        version = _version(line)
        files = BasketFile.objects.filter(line=line).values_list("pk", flat=True)
        kept, errors = read_page(
            version,
            page,
            line.answers,
            answers,
            today=today_of(actor, at),
            lookups=TenantLookups({str(key) for key in files}),
        )
        if errors:
            raise RuleError("The answers cannot be kept like this.", fields=errors)
        line.answers = kept
        line.pages = [*dict.fromkeys([*line.pages, page])]
        _settle(line, version)

    return _changed(line_id, change, actor, at)


def set_quantity(*, line_id: UUID, quantity: int, actor: Actor, at: datetime) -> BasketLine:
    """How many are wanted. Raises RuleError for more than the offering allows."""

    def change(line: BasketLine) -> None:
        most = card_for(standing_of(actor), line.offering.code).max_quantity
        if not 1 <= quantity <= most:
            raise RuleError("Not so many.", fields={"quantity": f"Order 1 to {most} of these."})
        line.quantity = quantity

    return _changed(line_id, change, actor, at)


def set_recipient(*, line_id: UUID, email: str, actor: Actor, at: datetime) -> BasketLine:
    """For whom it is; "" for oneself. Raises RuleError for somebody who is not here or may not have it."""

    def change(line: BasketLine) -> None:
        card = card_for(standing_of(actor), line.offering.code)
        line.requested_for = _recipient(email, card, actor)

    return _changed(line_id, change, actor, at)


def save_for_later(*, line_id: UUID, actor: Actor, at: datetime) -> BasketLine:
    """Out of the basket, but not forgotten."""

    def change(line: BasketLine) -> None:
        line.place = BasketLine.Place.SAVED

    return _changed(line_id, change, actor, at)


def put_back(*, line_id: UUID, actor: Actor, at: datetime) -> BasketLine:
    """From saved for later into the basket; a line whose form is not whole is to be answered on."""
    return _changed(line_id, lambda line: _settle(line, _version(line)), actor, at)


def renew_line(*, line_id: UUID, actor: Actor, at: datetime) -> BasketLine:
    """Go over to the version on offer now, with the answers that still fit; the others are to be given again."""

    def change(line: BasketLine) -> None:
        card = card_for(standing_of(actor), line.offering.code)
        old, new = _version(line), offering_version(card.code, card.number)
        line.answers, again = carry_over_answers(old, new, line.answers, today=today_of(actor, at))
        line.number = card.number
        line.quantity = min(line.quantity, card.max_quantity)
        line.pages = [page for page in line.pages if page not in again]
        _settle(line, new)

    return _changed(line_id, change, actor, at)


def remove_line(*, line_id: UUID, actor: Actor, at: datetime) -> None:
    """Take a line out. One that is gone already is no error."""
    require(actor, _MAKE)
    with transaction.atomic():
        basket = _locked_basket(actor, at)
        line = BasketLine.objects.filter(pk=line_id, basket=basket).first()
        if line is not None:
            discard_files(BasketFile.objects.filter(line=line))
            line.delete()
            _touch(basket, at)


def forget_unfinished(*, before: datetime) -> int:
    """Drop the lines of the tenant in scope that were begun before an instant (UTC) and never finished."""
    with transaction.atomic():
        old = BasketLine.objects.select_for_update(skip_locked=True).filter(
            place=BasketLine.Place.ANSWERING, added_at__lt=before
        )
        keys = list(old.values_list("pk", flat=True))
        discard_files(BasketFile.objects.filter(line__in=keys))
        BasketLine.objects.filter(pk__in=keys).delete()
    return len(keys)


def require_version(basket: Basket, seen_version: int | None) -> None:
    """Raises StaleVersionError when the basket is not as it was seen: another tab changed it."""
    if seen_version not in (None, basket.version):
        raise StaleVersionError(
            "Your basket changed after you saw it. Nothing was ordered.",
            seen=seen_version or 0,
            current=basket.version,
            changes=[],
        )


def _locked_basket(actor: Actor, at: datetime) -> Basket:
    if actor.membership_id is None:
        raise ForbiddenError("Only a person has a basket.", permission=_MAKE)
    # Two first tabs make one basket.
    Basket.objects.bulk_create(
        [Basket(membership_id=actor.membership_id, updated_at=at)], ignore_conflicts=True
    )
    return Basket.objects.select_for_update().get(membership_id=actor.membership_id)


def _changed(line_id: UUID, change: Callable[[BasketLine], None], actor: Actor, at: datetime) -> BasketLine:
    require(actor, _MAKE)
    with transaction.atomic():
        basket = _locked_basket(actor, at)
        line = BasketLine.objects.select_related("offering").filter(pk=line_id, basket=basket).first()
        if line is None:
            raise NotFoundError("There is no such line in your basket.")
        change(line)
        line.save()
        _touch(basket, at)
    return line


def _touch(basket: Basket, at: datetime) -> None:
    Basket.objects.filter(pk=basket.pk).update(version=F("version") + 1, updated_at=at)


def _version(line: BasketLine) -> OfferingVersion:
    return offering_version(line.offering.code, line.number)


def _settle(line: BasketLine, version: OfferingVersion) -> None:
    """In the basket once every page that the answers call for is answered."""
    open_pages = pages_left(version, line.answers, line.pages)
    line.place = BasketLine.Place.ANSWERING if open_pages else BasketLine.Place.BASKET


def _recipient(email: str, card: Card, actor: Actor) -> Membership | None:
    if email.strip().lower() in ("", actor.email.lower()):
        return None
    found, reason = find_recipient(email, card, actor)
    if found is None:
        raise RuleError("Not for them.", fields={"requested_for": reason})
    return found
