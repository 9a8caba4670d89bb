"""What is measured over HTTP: one function per operation, each checking its answer."""

from collections.abc import Callable, Coroutine
from itertools import count
from typing import Any

from bench.client import Answer, Client

Operation = Callable[[Client], Coroutine[Any, Any, Answer]]
QUESTION = "Looked at it, waiting for you to call back."
_serial = count()


async def create(client: Client) -> Answer:
    """Raise an incident for somebody."""
    body = {
        "title": f"Laptop will not start {client.number}-{next(_serial)}",
        "description": client.pick("descriptions"),
        "service": "laptop",
        "urgency": 3,
        "requester": client.pick("requesters"),
    }
    return await client.post("/api/v1/incidents/", body, status=201, must=b'"number"')


async def get_api(client: Client) -> Answer:
    """Read one incident."""
    return await client.get(f"/api/v1/incidents/{client.pick('numbers')}/", must=b'"clocks"')


async def get_html(client: Client) -> Answer:
    """Open one incident on the desk."""
    number = client.pick("numbers")
    return await client.get(f"/desk/incidents/{number}/", must=number.encode())


async def list_api(client: Client) -> Answer:
    """The newest 50 live incidents of the service desk."""
    path = "/api/v1/incidents/?support_group=service-desk&phase=open&phase=pending&limit=50"
    return await client.get(path, must=b'"results"')


async def list_hundred(client: Client) -> Answer:
    """The newest 100 incidents, as our own interface gives them."""
    return await client.get("/api/v1/incidents/?limit=100", must=b'"results"')


async def list_market(client: Client) -> Answer:
    """The same 100, every field, counted, as the market's tools ask for them."""
    path = "/api/now/table/incident?sysparm_query=ORDERBYDESCopened_at&sysparm_limit=100"
    return await client.get(path, must=b'"short_description"')


async def list_supplier(client: Client) -> Answer:
    """The same for a supplier and its own group, under the supplier's database role."""
    path = "/api/v1/incidents/?support_group=network&phase=open&phase=pending&limit=50"
    return await client.get(path, must=b'"results"')


async def list_html(client: Client) -> Answer:
    """An agent's queue, 50 a page, with the counts of every standard view."""
    return await client.get("/desk/incidents/?view=groups&limit=50", must=b"INC0")


async def home_html(client: Client) -> Answer:
    """An end user's home page with the latest five reports."""
    return await client.get("/", must=b"INC0")


async def search_api(client: Client) -> Answer:
    """Search titles, descriptions and comments for a word."""
    return await client.get(f"/api/v1/incidents/?q={client.pick('words')}&limit=50", must=b'"results"')


async def update(client: Client) -> Answer:
    """Comment and change the state: ask the requester, and back to work the next time."""
    number, is_pending = client.own("workable")
    flipped = client.data["flipped"]
    pending_now = is_pending != flipped.get(number, False)
    client.turn += 1
    action, body = (
        ("resume", {"comment": QUESTION})
        if pending_now
        else ("pend", {"waiting_for": "requester", "comment": QUESTION})
    )
    answer = await client.post(f"/api/v1/incidents/{number}/{action}/", body, must=b'"state"')
    flipped[number] = not flipped.get(number, False)
    return answer


# Who does it: the key of its credentials in what `access.py` hands out.
OPERATIONS: dict[str, tuple[Operation, str]] = {
    "create": (create, "desk"),
    "get_api": (get_api, "desk"),
    "get_html": (get_html, "agent"),
    "list_api": (list_api, "desk"),
    "list_hundred": (list_hundred, "desk"),
    "list_market": (list_market, "desk"),
    "list_html": (list_html, "agent"),
    "list_supplier": (list_supplier, "supplier"),
    "home_html": (home_html, "requester"),
    "search_api": (search_api, "desk"),
    "update": (update, "desk"),
}
