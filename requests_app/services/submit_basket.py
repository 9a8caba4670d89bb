"""From a basket to an order: once, however often it is sent."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext

from lifecycle.public import RuleError
from people.public import Actor
from requests_app.models import Basket, BasketFile, BasketLine, Order
from requests_app.services.basket import require_version
from requests_app.services.order import Wanted, place_order


def submit_basket(*, seen_version: int, actor: Actor, at: datetime) -> Order:
    """Order what is in the basket as it was seen, and empty it; what is saved for later stays.

    Sending the same basket again gives the same order. Raises StaleVersionError when another tab changed the basket,
    RuleError for an empty one or for lines that are no longer right, with fields named by the line's key
    (`lines.<key>.quantity`).
    """
    with transaction.atomic():
        basket = Basket.objects.select_for_update().filter(membership=actor.membership_id).first()
        if basket is None:
            raise RuleError(gettext("Your basket is empty."))
        order = Order.objects.filter(ordered_by=actor.membership_id, basket_version=seen_version).first()
        if order is None:
            require_version(basket, seen_version)
            order = _place(basket, actor, at)
    return order


def _place(basket: Basket, actor: Actor, at: datetime) -> Order:
    lines = list(
        BasketLine.objects.select_related("offering", "requested_for")
        .filter(basket=basket, place=BasketLine.Place.BASKET)
        .order_by("added_at", "id")
    )
    if not lines:
        raise RuleError(gettext("Your basket is empty."))
    files: dict[UUID, list[BasketFile]] = defaultdict(list)
    for file in BasketFile.objects.filter(line__in=lines).order_by("added_at", "id"):
        files[file.line_id].append(file)
    wanted = [
        Wanted(
            offering=line.offering.code,
            quantity=line.quantity,
            answers=line.answers,
            number=line.number,
            requested_for=line.requested_for.email if line.requested_for else "",
            files=files[line.pk],
        )
        for line in lines
    ]
    try:
        placed = place_order(wanted=wanted, basket_version=basket.version, actor=actor, at=at)
    except RuleError as refused:
        raise RuleError(refused.message, fields=_by_key(refused.fields, lines)) from refused
    # What the files hold stays: it belongs to the requests now.
    BasketFile.objects.filter(line__in=lines).delete()
    BasketLine.objects.filter(pk__in=[line.pk for line in lines]).delete()
    Basket.objects.filter(pk=basket.pk).update(version=F("version") + 1, updated_at=at)
    return placed.order


def _by_key(fields: Mapping[str, str], lines: Sequence[BasketLine]) -> dict[str, str]:
    named = {}
    for path, reason in fields.items():
        head, _, rest = path.removeprefix("lines.").partition(".")
        is_line = path.startswith("lines.") and head.isdecimal()
        named[f"lines.{lines[int(head)].pk}.{rest}" if is_line else path] = reason
    return named
