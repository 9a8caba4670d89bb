"""Queries that nobody would mean: an answer, or a refusal, never a fault of ours."""

import random

import pytest

from market.engine.query import OPERATORS
from market.queries.tables import TABLES
from tests.market.tool import tool
from tests.support.world import build_world

# Each in a transaction of its own: one that failed would hide the next.
pytestmark = pytest.mark.django_db(transaction=True)
VALUES = (
    "", "x", "1", "-5", "true", "2026-01-01", "javascript:gs.daysAgo(-99999)", "javascript:gs.monthsAgo(99999)",
    "javascript:gs.daysAgo(99999999999)", "1@2", "@", "a@b", "0" * 32, "é", "%", "_", "\\", "'", "a,b",
    "99999999999999999999", "1e999", "NaN", "javascript:gs.getUserID()", "9999-12-31 23:59:59", "0001-01-01",
    "9999-12-31@0001-01-01", "state", "number",
)  # fmt: skip
WALKS = ("name", "number", "sys_id", "active", "state", "email", "department.name", "manager.email")
REFERRING = ("task", "table_sys_id", "user", "request", "caller_id", "parent")
TRIES = 300


def condition(chance: random.Random, table: str) -> str:
    """Any field, walked on or not, any operator, any value."""
    field = chance.choice(list(TABLES[table].fields))
    walk = f".{chance.choice(WALKS)}" if chance.random() < 0.3 else ""
    return f"{field}{walk}{chance.choice(OPERATORS)}{chance.choice(VALUES)}"


def query(chance: random.Random, table: str) -> str:
    """Some conditions, an order now and then, rows of other tables now and then."""
    parts = [chance.choice(["", "OR", "NQ"]) + condition(chance, table) for _ in range(chance.randint(1, 4))]
    other, field = chance.choice(list(TABLES)), chance.choice(list(TABLES[table].fields))
    if chance.random() < 0.3:
        parts.append(f"ORDERBY{chance.choice(['', 'DESC'])}{field}")
    if chance.random() < 0.2:
        compare = f"{chance.choice(['>', '<', '=', '>=', '<=', '!='])}{chance.randint(0, 3)}"
        related = f"RLQUERY{other}.{chance.choice(REFERRING)},{compare}^{condition(chance, other)}^ENDRLQUERY"
        parts.insert(0, related)
    if chance.random() < 0.2:
        far = chance.choice(["sys_id", "name", "number", "user"])
        parts.insert(0, f"JOIN{table}.{field}={other}.{far}!{condition(chance, other)}")
    return "^".join(parts)


def test_no_query_is_a_fault_of_ours() -> None:
    world = build_world()
    tools = (tool(world), tool(world, "supplier", "supplier-system"))
    tools[0].made(short_description="No e-mail", caller_id="user", assignment_group="network")
    chance = random.Random(7)  # noqa: S311  always the same, on purpose
    faults = []
    for _ in range(TRIES):
        table = chance.choice(list(TABLES))
        asked = query(chance, table)
        display = chance.choice(["all", "true", "false"])
        answer = chance.choice(tools)(
            "GET", f"now/table/{table}", sysparm_query=asked, sysparm_display_value=display, sysparm_limit=3
        )
        names = chance.sample(list(TABLES[table].fields), 3)
        figures = chance.choice(tools)(
            "GET",
            f"now/stats/{table}",
            sysparm_query=asked,
            sysparm_count="true",
            sysparm_group_by=names[0],
            sysparm_max_fields=names[1],
            sysparm_sum_fields=names[2],
        )
        if not {answer.status_code, figures.status_code} <= {200, 400, 403}:
            faults.append((table, asked, answer.status_code, figures.status_code))
    assert faults == []
