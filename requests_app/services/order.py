"""Ordering: from what somebody wants to one request for each line, all or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from catalogue.models import OfferingVersion
from catalogue.public import Card, card_for, describe_answers, read_answers, versions_with
from lifecycle.public import NotFoundError, RuleError
from people.models import Membership, SupportGroup
from people.public import (
    Actor,
    entry_group,
    find_member,
    get_member,
    standing_of,
    standing_of_member,
    today_in_tenant,
)
from records.models import Attachment, Record
from records.public import (
    Opened,
    Opening,
    fact,
    open_records,
    require,
    scan_later,
    stored_attachment,
    take_numbers_of,
)
from requests_app.models import BasketFile, Order, Request
from requests_app.policy import may_request_for
from requests_app.queries.lookups import TenantLookups
from requests_app.queries.promises import promised_after_order
from requests_app.services.recipients import find_recipient

LINES_MAX = 50
_VERB = "request:make"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One line of an order: an offering by code, how many, the answers to its form, and for whom (by e-mail).

    `number` is the version of the offering whose form was filled in, None for the current one. Without `requested_for`
    it is for whoever orders. `files` are those that answers may name.
    """

    offering: str
    quantity: int = 1
    answers: Mapping[str, Any] = field(default_factory=dict)
    number: int | None = None
    requested_for: str = ""
    files: Sequence[BasketFile] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """An order and its requests, line by line."""

    order: Order
    records: Sequence[Record]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that was found to be right."""

    card: Card
    version: OfferingVersion
    wanted: Wanted
    answers: Mapping[str, Any]
    recipient: Membership


def place_order(
    *,
    wanted: Sequence[Wanted],
    requester: str = "",
    basket_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> Placed:
    """Order at `at` (UTC): one request per line, each with its number, clocks, custody and message, or none at all.

    `requester` (by e-mail) is in whose name, by default the actor's; `basket_version` says which basket it was. An
    offering that the one who orders may not have does not exist for them; one that the one who gets it may not have
    is refused. Raises ForbiddenError, or RuleError naming all that is wrong by line (`lines.0.answers.colour`).
    """
    require(actor, _VERB)
    orderer = _orderer(requester, actor)
    if not 1 <= len(wanted) <= LINES_MAX:
        raise RuleError(
            gettext("The order cannot be placed like this."),
            fields={"lines": gettext("Order 1 to %(most)s things at once.") % {"most": LINES_MAX}},
        )
    lines = _checked(wanted, orderer, actor, today_in_tenant(actor, at))
    entry = entry_group()
    if entry is None:
        raise RuleError(gettext("Nobody can take requests: there is no single point of contact."))
    with transaction.atomic():
        order = Order(ordered_by=orderer, ordered_at=at, door=actor.door, basket_version=basket_version)
        files = [
            [stored_attachment(file, actor=actor, at=at) for file in line.wanted.files] for line in lines
        ]
        promises = promised_after_order([(line.version, line.answers) for line in lines], at)
        opened = [
            _opened(line, place, order, orderer, entry, attached, promised_at=promised)
            for place, (line, attached, promised) in enumerate(
                zip(lines, files, promises, strict=True), start=1
            )
        ]
        records = open_records(opened=opened, actor=actor, at=at, verb=_VERB)
        for attachment in chain.from_iterable(files):
            scan_later(attachment=attachment, at=at)
        (order.number,) = take_numbers_of("order", 1, prefix="ORD")
        order.save(force_insert=True)
    return Placed(order, records)


def _orderer(email: str, actor: Actor) -> Membership:
    if email:
        may_request_for(actor, email)
        found = find_member(email)
    else:
        found = get_member(actor.membership_id) if actor.membership_id else None
    if found is None:
        raise RuleError(
            gettext("The order cannot be placed like this."),
            fields={
                "requester": gettext("Nobody here has the e-mail address %(email)s.") % {"email": repr(email)}
                if email
                else gettext("Say who orders.")
            },
        )
    return found


def _checked(wanted: Sequence[Wanted], orderer: Membership, actor: Actor, today: date) -> list[_Line]:
    theirs = standing_of(actor) if orderer.pk == actor.membership_id else standing_of_member(orderer.pk)
    wrong: dict[str, str] = {}
    found: list[tuple[str, Card, Wanted, Membership]] = []
    for place, each in enumerate(wanted):
        path = f"lines.{place}"
        try:
            card = card_for(theirs, each.offering)
        except NotFoundError:
            wrong[f"{path}.offering"] = gettext("There is no offering with the code %(offering)s.") % {
                "offering": repr(each.offering)
            }
            continue
        recipient: Membership | None = orderer
        if each.requested_for.strip().lower() not in ("", orderer.email):
            recipient, reason = find_recipient(each.requested_for, card, actor)
            if recipient is None:
                wrong[f"{path}.requested_for"] = reason
        if not 1 <= each.quantity <= card.max_quantity:
            wrong[f"{path}.quantity"] = gettext("Order 1 to %(most)s of these.") % {"most": card.max_quantity}
        if each.number not in (None, card.number):
            wrong[f"{path}.number"] = gettext(
                "The offering changed: version %(now)s is on offer, you answered version %(then)s."
            ) % {"now": card.number, "then": each.number}
        if recipient is not None:
            found.append((path, card, each, recipient))
    versions = versions_with([card.version_id for _, card, _, _ in found])
    lines = []
    for path, card, each, recipient in found:
        version = versions[card.version_id]
        lookups = TenantLookups({str(file.pk) for file in each.files})
        answers, errors = read_answers(version, each.answers, today=today, lookups=lookups)
        wrong |= {f"{path}.answers.{name}": reason for name, reason in errors.items()}
        lines.append(_Line(card, version, each, answers, recipient))
    if wrong:
        raise RuleError(gettext("The order cannot be placed like this."), fields=wrong)
    return lines


def _opened(
    line: _Line,
    place: int,
    order: Order,
    orderer: Membership,
    entry: SupportGroup,
    files: Sequence[Attachment],
    *,
    promised_at: datetime | None,
) -> Opened:
    card, version, wanted = line.card, line.version, line.wanted
    service = version.offering.service
    name = version.design["name"]["en"]
    opening = Opening(
        kind="request",
        state="submitted",
        title=name if wanted.quantity == 1 else f"{name} × {wanted.quantity}",
        description=describe_answers(
            version, line.answers, files={str(file.pk): file.name for file in files}
        ),
        requester=orderer,
        affected_user=line.recipient,
        support_group=service.support_group or entry,
        service=service,
        priority=None,
    )
    request = Request(
        order=order,
        line=place,
        offering=version.offering,
        offering_version=version,
        offering_code=card.code,
        offering_number=card.number,
        quantity=wanted.quantity,
        answers=dict(line.answers),
        unit_price=card.unit_price,
        promised_at=promised_at,
    )
    cost = (card.unit_price or Decimal(0)) * wanted.quantity
    facts = {
        "offering": fact(None, card.code),
        "version": fact(None, card.number),
        "quantity": fact(None, wanted.quantity),
        "order": fact(None, order.pk),
        "line": fact(None, place),
        "cost": fact(None, str(cost)),
    }
    return Opened(opening=opening, facts=facts, details=[request, *files])
