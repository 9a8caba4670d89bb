"""Writing a row of a table: what may be written, by which service, in one transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from lifecycle.public import ForbiddenError, NotFoundError, RuleError, StaleVersionError
from market.models import Withdrawn
from market.queries.fields import Table
from market.queries.tables import CATALOGUE_TASKS, EVERY_TASK, INCIDENTS, REQUESTED_ITEMS
from market.services.fulfilment import update_item, update_task
from market.services.incidents import create_incident, remove_incident, update_incident
from people.public import Actor
from records.models import Record
from records.public import get_record, require

Update = Callable[..., Record]
_UPDATES: dict[str, Update] = {
    "incident": update_incident,
    "request": update_item,
    "task": update_task,
}
_TABLES = (INCIDENTS.name, REQUESTED_ITEMS.name, CATALOGUE_TASKS.name, EVERY_TASK.name)
_TRIES = 3


def create_row(
    *, table: Table, given: Mapping[str, Any], actor: Actor, at: datetime, key: UUID | None = None
) -> UUID:
    """A new row, under the client's own key if it chose one; returns the key.

    Raises ForbiddenError for a table whose rows are made in another way, and RuleError.
    """
    if table.name not in (INCIDENTS.name, EVERY_TASK.name):
        raise ForbiddenError(f"Rows of {table.name} are not made through this interface.")
    try:
        with transaction.atomic():
            return create_incident(given=given, actor=actor, at=at, key=key).pk
    except IntegrityError as error:
        if key is None:
            raise
        raise RuleError("There is such a row already.", fields={"sys_id": "Choose another."}) from error


def update_row(*, table: Table, key: UUID, given: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    """Bring a row to what a client sent, all of it or nothing. An unchanged row is not written.

    Whoever else wrote at the same moment was first: it is tried again on what they left, three times.
    Raises NotFoundError, ForbiddenError, IllegalStepError, RuleError, StaleVersionError.
    """
    for left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                record = writable(table=table, key=key, actor=actor)
                _UPDATES[record.kind](record=record, given=given, actor=actor, at=at)
                return
        except StaleVersionError:
            if not left:
                raise


def remove_row(*, table: Table, key: UUID, actor: Actor, at: datetime) -> None:
    """End an incident and show it, with its files, to no client any more. Nothing of it is destroyed.

    Raises NotFoundError, and ForbiddenError for rows that no client may delete.
    """
    with transaction.atomic():
        record = writable(table=table, key=key, actor=actor)
        if record.kind != "incident":
            raise ForbiddenError(f"Rows of {table.name} are not deleted through this interface.")
        require(actor, "incident:cancel")
        remove_incident(record=record, actor=actor, at=at)
        Withdrawn.objects.create(record=record, withdrawn_at=at, by_name=actor.name)


def writable(*, table: Table, key: UUID, actor: Actor) -> Record:
    """The record behind a row that the caller sees. Raises NotFoundError, and ForbiddenError for other tables."""
    if table.name not in _TABLES:
        raise ForbiddenError(f"Rows of {table.name} are not changed through this interface.")
    number = table.visible(actor).filter(pk=key).values_list("number", "kind").first()
    if number is None:
        raise NotFoundError("No Record found")
    return get_record(actor, *number)
