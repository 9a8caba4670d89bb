"""Every table that there is, by name."""

from market.queries.clock_tables import CLOCKS
from market.queries.fields import Field, Table
from market.queries.file_tables import FILES
from market.queries.people_tables import (
    COMPANIES,
    DEPARTMENTS,
    GROUP_MEMBERS,
    GROUPS,
    SERVICES,
    USERS,
)
from market.queries.record_tables import (
    CATALOGUE_TASKS,
    EVERY_TASK,
    INCIDENTS,
    ORDERS,
    REQUESTED_ITEMS,
)
from people.public import Actor

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        INCIDENTS,
        EVERY_TASK,
        ORDERS,
        REQUESTED_ITEMS,
        CATALOGUE_TASKS,
        USERS,
        GROUPS,
        GROUP_MEMBERS,
        COMPANIES,
        DEPARTMENTS,
        SERVICES,
        FILES,
        CLOCKS,
    )
}
# Tables of records that can be written on, by the kind they are here.
KINDS = {"incident": "incident", "sc_req_item": "request", "sc_task": "task"}


def find_table(name: str, actor: Actor) -> Table | None:
    """The table of this name, if there is one for the caller."""
    table = TABLES.get(name)
    return None if table is None or (table.is_ours and is_supplier(actor)) else table


def find_field(table: Table, name: str, actor: Actor) -> Field | None:
    """A field of a table, or of one that it refers to (`caller_id.department.name`); None where there is none."""
    first, *rest = name.split(".")
    found = table.fields.get(first)
    for step in rest:
        if found is None or found.kind != "reference" or found.table not in TABLES:
            return None
        behind = TABLES[found.table].fields.get(step)
        if behind is None or behind.kind == "journal" or behind.is_detail:
            return None
        found = behind.behind(found)
    if found is None or (found.is_ours and is_supplier(actor)):
        return None
    return found


def is_supplier(actor: Actor) -> bool:
    """Whether a supplier's system calls."""
    return actor.reach == "provider"


__all__ = [
    "CATALOGUE_TASKS",
    "EVERY_TASK",
    "FILES",
    "INCIDENTS",
    "KINDS",
    "REQUESTED_ITEMS",
    "TABLES",
    "find_field",
    "find_table",
    "is_supplier",
]
