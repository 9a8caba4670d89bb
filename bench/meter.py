"""Who used the processors: read from /proc, so that neighbours on the machine do not blur the figures."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psycopg2

_TICK = os.sysconf("SC_CLK_TCK")
_LOOPBACK = "0100007F"
_UNIT = 300_000


@dataclass(frozen=True, slots=True)
class Usage:
    """Processor seconds since the processes began, by who used them; `machine` is everybody's."""

    web: float
    database: float
    background: float
    background_database: float
    machine: float
    generator: float
    at: float


@dataclass(frozen=True)
class Meter:
    """Reads the usage of a site and its servers.

    The database's share of the background processes is told apart by the backends that they are connected to.
    """

    web_pids: tuple[int, ...]
    background_pids: tuple[int, ...]
    postgres_pid: int
    valkey_pid: int
    admin_dsn: str
    # Whether what PostgreSQL does for nobody in particular (checkpoints, vacuum) is counted as the web's.
    counts_upkeep: bool = True

    def read(self) -> Usage:
        """The usage as of now."""
        table = _processes()
        web = _tree([*self.web_pids, self.valkey_pid], table)
        background = _tree(self.background_pids, table)
        clients = self._backends()
        for_web = {clients[port] for port in _local_ports(web) & set(clients)}
        behind = {clients[port] for port in _local_ports(background) & set(clients)}
        # What has no client writes and cleans up for all. Other people's backends are nobody's.
        upkeep = _tree([self.postgres_pid], table) - set(clients.values()) if self.counts_upkeep else set()
        return Usage(
            web=_sum(web, table),
            database=_sum((upkeep | for_web) & set(table), table),
            background=_sum(background, table),
            background_database=_sum(behind & set(table), table),
            machine=_machine(),
            generator=time.process_time(),
            at=time.perf_counter(),
        )

    def _backends(self) -> dict[int, int]:
        """The backend process behind each client's port."""
        connection = psycopg2.connect(self.admin_dsn)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT client_port, pid FROM pg_stat_activity WHERE client_port IS NOT NULL")
                return dict(cursor.fetchall())
        finally:
            connection.close()


def cpu_seconds(pids: Iterable[int]) -> float:
    """Processor seconds used by processes and all their descendants."""
    table = _processes()
    return _sum(_tree(pids, table), table)


def machine_speed() -> float:
    """Processor milliseconds that a fixed piece of work takes now.

    Neighbours on the same cores make every instruction dearer; figures of two runs compare only beside this one.
    """
    began = time.process_time()
    table: dict[int, int] = {}
    total = 0
    for number in range(_UNIT):
        table[number & 1023] = number
        total += table.get((number * 7) & 1023, 0)
    return (time.process_time() - began) * 1000


def _processes() -> dict[int, tuple[int, float]]:
    """Each process's parent and its own processor seconds, its ended children's included."""
    found: dict[int, tuple[int, float]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            text = (entry / "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        fields = text[text.rindex(")") + 2 :].split()
        found[int(entry.name)] = (int(fields[1]), sum(map(int, fields[11:15])) / _TICK)
    return found


def _tree(roots: Iterable[int], table: dict[int, tuple[int, float]]) -> set[int]:
    children: dict[int, list[int]] = {}
    for pid, (parent, _) in table.items():
        children.setdefault(parent, []).append(pid)
    found: set[int] = set()
    waiting = [root for root in roots if root in table]
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.add(pid)
            waiting += children.get(pid, [])
    return found


def _sum(pids: Iterable[int], table: dict[int, tuple[int, float]]) -> float:
    return sum(table[pid][1] for pid in pids)


def _machine() -> float:
    fields = [
        int(field) for field in Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    ]
    idle, waiting, steal = fields[3], fields[4], fields[7]
    return (sum(fields[:8]) - idle - waiting - steal) / _TICK


def _local_ports(pids: Iterable[int]) -> set[int]:
    """The local TCP ports of the processes' connections."""
    sockets: set[str] = set()
    for pid in pids:
        try:
            for entry in Path(f"/proc/{pid}/fd").iterdir():
                name = str(entry.readlink())
                if name.startswith("socket:["):
                    sockets.add(name[8:-1])
        except OSError:
            continue
    ports = set()
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        fields = line.split()
        address, _, port = fields[1].partition(":")
        if address == _LOOPBACK and fields[9] in sockets:
            ports.add(int(port, 16))
    return ports
