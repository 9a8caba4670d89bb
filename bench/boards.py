"""The managers' dashboards over ten thousand records and over a million of one tenant, by turns."""

from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from bench.client import Answer, Client
from bench.measure import run_operation
from bench.operations import Operation
from bench.side_by_side import Turn, compared, side
from bench.stack import Servers

_YEAR = "from={0}&to={1}"
# Address below /reports/, and what must stand in the answer.
PAGES = {
    "board": ("sla/?{months}&by=service", b"Payroll"),
    "board, one filter": ("suppliers/?{months}&by=support_group&priority=2", b"Network"),
    "board, three filters": (
        "sla/?{months}&by=month&service=email&priority=2&support_group=network",
        b"resolution",
    ),
    "number": ("numbers/sla.resolution.breached/?{months}&service=email", b"INC0"),
    "number, three filters": (
        "numbers/sla.resolution.breached/?{months}&service=email&priority=2&support_group=network",
        b"INC0",
    ),
    "number, nothing found": (
        "numbers/sla.resolution.breached/?from=2019-01&to=2019-12&service=payroll",
        b"app-empty",
    ),
}


def boards(
    *,
    servers: Servers,
    small: tuple[str, Mapping[str, str], Path],
    large: tuple[str, Mapping[str, str], Path],
    clients: int,
    seconds: float,
    months: tuple[str, str],
) -> list[dict[str, Any]]:
    """For each page its medians at both sizes. `months` are the first and the last, as addresses write them."""
    with ExitStack() as stack:
        sides = [side(stack, servers, *each) for each in (small, large)]
        found = []
        for name, (path, must) in PAGES.items():
            address = "/reports/" + path.format(months=_YEAR.format(*months))
            turns: list[Turn] = [
                partial(
                    run_operation,
                    name=name,
                    operation=_opens(address, must),
                    headers=data["callers"]["manager"],
                    clients=clients,
                    seconds=seconds,
                    port=served.port,
                    data=data,
                    meter=meter,
                    min_ops=100,
                )
                for served, meter, data in sides
            ]
            found.append({"op": name, "clients": clients} | compared(turns, ("small", "large")))
    return found


def _opens(address: str, must: bytes) -> Operation:
    async def open_page(client: Client) -> Answer:
        return await client.get(address, must=must)

    return open_page
