"""Ordering one thing from the catalogue in somebody's name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from lifecycle.public import NotFoundError, RuleError
from market.queries.catalogue import find_item
from market.services.values import given_text, person_email, refuse
from people.public import Actor
from requests_app.public import Placed, Wanted, place_order


def order_item(*, item: UUID, given: Mapping[str, Any], actor: Actor, at: datetime) -> Placed:
    """Order an item for `sysparm_requested_for`: a client is nobody, so somebody must be named.

    Raises NotFoundError, ForbiddenError, and RuleError naming every answer that is wrong.
    """
    wrong: dict[str, str] = {}
    person = person_email(given, "sysparm_requested_for", actor, wrong)
    quantity = given_text(given, "sysparm_quantity") or "1"
    if not quantity.isascii() or not quantity.isdigit() or len(quantity) > 3 or not 1 <= int(quantity) <= 999:
        wrong["sysparm_quantity"] = "Use a whole number from 1 to 999."
    answers = given.get("variables") or {}
    if not isinstance(answers, Mapping):
        wrong["variables"] = "Send an object: name and value."
    if not person and "sysparm_requested_for" not in wrong:
        wrong["sysparm_requested_for"] = "Say for whom: a sys_id, a user name or an e-mail address."
    refuse(wrong)
    card = find_item(item)
    if card is None:
        raise NotFoundError("No Record found")
    wanted = [Wanted(offering=card.code, quantity=int(quantity), answers=answers)]
    try:
        return place_order(wanted=wanted, requester=person or "", actor=actor, at=at)
    except RuleError as error:
        named = {
            name.replace("lines.0.answers.", "variables."): reason for name, reason in error.fields.items()
        }
        raise RuleError(error.message, fields=named) from error
