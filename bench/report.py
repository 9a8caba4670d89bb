"""The tables that a run prints."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple


class Bar(NamedTuple):
    """What an operation is held against: the best known system's processor milliseconds, and the goal."""

    best: float
    goal: float


# Request Tracker 5, django-helpdesk 2.6, iTop 3.3, Centurion 1.35, Alerta 9.1 on a like machine at 100,000 records.
BARS = {
    "create": Bar(23.1, 12),
    "get_api": Bar(28.6, 9),
    "get_html": Bar(44.8, 15),
    "list_api": Bar(82.9, 16),
    "list_html": Bar(324, 16),
    "search_api": Bar(102, 10),
    "update": Bar(15.4, 10),
}
_REPLAY = """\
Replay against the audit, by turns with a plain read of the same: {records} records of {entries} entries in {seconds} s,
{per_second} a second, {differences} differences; {ratio} times the read (processor {processor_ratio}). Memory:
{tenth_mb} MB at a tenth, {peak_mb} MB at the end; unit {unit_ms} ms.
"""
_WHAT_IF = """\
What-if over imported incidents: {records} records, {changed} changed, {seconds} s, {per_second} a second.
"""
_IMPORT = """\
Import of another system's history: {events} events in {seconds} s, {events_per_second} events/s, {records_per_second} \
records/s.
"""
FLAT = 1.5
BARE = 3.0
LISTS = ("list_api", "list_html", "list_supplier", "home_html", "get_html")


def render(result: Mapping[str, Any]) -> str:
    """All tables that the result has figures for, as Markdown."""
    parts: dict[str, Callable[[Any], str]] = {
        "http": lambda rows: "\n".join([_http(rows), _against(rows), _flatness(rows)]),
        "statements": _statements,
        "flat": _flat,
        "boards": _boards,
        "floor": _floor,
        "bare": lambda rows: _bare(rows, result.get("http", [])),
        "sweep": _sweep,
        "engine": _engine,
        "replay": _REPLAY.format_map,
        "whatif": _WHAT_IF.format_map,
        "import": _IMPORT.format_map,
        "catalogue": _catalogue,
    }
    return "\n".join(text for name, part in parts.items() if name in result and (text := part(result[name])))


def ratio_of(rows: Iterable[Mapping[str, Any]], name: str, clients: int, key: str) -> float | None:
    """The figure at the greatest size over the one at the smallest; None with one size only."""
    found = [row for row in rows if row["op"] == name and row["clients"] == clients and row[key]]
    if len(found) < 2 or found[0]["size"] == found[-1]["size"]:
        return None
    return round(float(found[-1][key]) / float(found[0][key]), 2)


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A Markdown table with a line above it."""
    lines = [title, "", "| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    lines += ["| " + " | ".join("" if cell is None else str(cell) for cell in row) + " |" for row in rows]
    return "\n".join([*lines, ""])


def _http(rows: Sequence[Mapping[str, Any]]) -> str:
    heads = (
        "op",
        "records",
        "clients",
        "ops/s",
        "p50 ms",
        "p95 ms",
        "CPU ms/op",
        "web",
        "database",
        "background",
        "bytes",
        "errors",
    )
    names = (
        "op",
        "size",
        "clients",
        "per_second",
        "p50_ms",
        "p95_ms",
        "cpu_ms",
        "web_ms",
        "database_ms",
        "background_ms",
        "bytes",
        "errors",
    )
    title = (
        "Over HTTP. CPU: web processes, Valkey and PostgreSQL for them;"
        " background: dispatcher, sweep, worker, beat and PostgreSQL for them."
    )
    return table(title, heads, ([row[name] for name in names] for row in rows))


def _against(rows: Sequence[Mapping[str, Any]]) -> str:
    """Beside the peers, at the greatest size, the better of the client counts."""
    size = rows[-1]["size"]
    lines = []
    for name, bar in BARS.items():
        found = [row["cpu_ms"] for row in rows if row["op"] == name and row["size"] == size and row["ops"]]
        if found:
            ours = min(found)
            lines.append(
                (
                    name,
                    bar.best,
                    bar.goal,
                    ours,
                    f"{bar.best / ours:.1f}x",
                    "yes" if ours <= bar.goal else "NO",
                )
            )
    heads = ("op", "best peer, at 100k", "goal", f"ours, at {size}", "peer / ours", "goal met")
    return table("CPU ms per operation beside the best of five other systems.", heads, lines)


def _flatness(rows: Sequence[Mapping[str, Any]]) -> str:
    lines = []
    for name in LISTS:
        for clients in sorted({row["clients"] for row in rows}):
            latency = ratio_of(rows, name, clients, "p95_ms")
            if latency is not None:
                cost = ratio_of(rows, name, clients, "cpu_ms")
                lines.append((name, clients, latency, cost, "yes" if latency <= FLAT else "NO"))
    if not lines:
        return ""
    heads = ("op", "clients", "p95 ratio", "CPU ratio", f"p95 ratio ≤ {FLAT}")
    return table("Greatest over smallest size.", heads, lines)


def _flat(rows: Iterable[Mapping[str, Any]]) -> str:
    lines = []
    for row in rows:
        first, limit = ("bare", BARE) if row["op"] == "create" else ("small", FLAT)
        key = "cpu" if row["op"] == "create" else "p95"
        lines.append(
            (
                row["op"],
                row.get("beside", "the smallest size"),
                *(row[f"{side}_{name}_ms"] for name in ("p95", "cpu") for side in (first, "large")),
                row["p95_ratio"],
                row["cpu_ratio"],
                "yes" if row[f"{key}_ratio"] <= limit else "NO",
            )
        )
    heads = (
        "op",
        "beside",
        "its p95 ms",
        "p95 ms",
        "its CPU ms",
        "CPU ms",
        "p95 ratio",
        "CPU ratio",
        "holds",
    )
    title = (
        "The greatest size by turns with the smallest, and create by turns with bare Django + DRF views that insert"
        f" one row. Medians of the turns; p95 ratio ≤ {FLAT}, create's CPU ratio ≤ {BARE}."
    )
    return table(title, heads, lines)


def _statements(sizes: Mapping[str, Mapping[str, Sequence[int]]]) -> str:
    names = next(iter(sizes.values()))
    rows = ((name, *(f"{min(each[name])}-{max(each[name])}" for each in sizes.values())) for name in names)
    return table("SQL statements per operation, least and most of some rounds.", ("op", *sizes), rows)


def _boards(rows: Iterable[Mapping[str, Any]]) -> str:
    names = ("op", "small_p95_ms", "large_p95_ms", "p95_ratio", "small_cpu_ms", "large_cpu_ms", "errors")
    lines = [(*(row[name] for name in names), "yes" if row["p95_ratio"] <= FLAT else "NO") for row in rows]
    heads = ("page", "p95 ms, 10k", "p95 ms, 1m", "ratio", "CPU ms, 10k", "CPU ms, 1m", "errors", f"≤ {FLAT}")
    return table("Dashboards over 10,000 and over 1,000,000 records of one tenant, by turns.", heads, lines)


def _catalogue(rows: Iterable[Mapping[str, Any]]) -> str:
    names = (
        "small_p50_ms",
        "small_p95_ms",
        "small_statements",
        "large_p50_ms",
        "large_p95_ms",
        "large_statements",
    )
    lines = [
        (
            row["op"],
            *(row[name] for name in names),
            "yes" if row["large_statements"] <= row["small_statements"] else "NO",
        )
        for row in rows
    ]
    heads = (
        "what",
        "p50 ms",
        "p95 ms",
        "statements",
        "p50 ms, 2,000",
        "p95 ms, 2,000",
        "statements",
        "constant",
    )
    title = "The catalogue of 200 and of 2,000 offerings with audience rules, and an order of 20 lines; one process."
    return table(title, heads, lines)


def _floor(rows: Iterable[Mapping[str, Any]]) -> str:
    lines = (
        (row["script"], row["clients"], row["per_second"], row["mean_ms"], row["database_ms"]) for row in rows
    )
    return table(
        "The floor: pgbench on the same PostgreSQL.",
        ("script", "clients", "per second", "mean ms", "CPU ms"),
        lines,
    )


def _bare(bare: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]) -> str:
    lines = []
    for each in bare:
        ours = [row for row in rows if row["op"] == "create" and row["clients"] == each["clients"]]
        cost = ours[-1]["cpu_ms"] if ours else None
        ratio = f"{cost / each['cpu_ms']:.1f}" if cost else None
        lines.append((each["view"], each["clients"], each["per_second"], each["cpu_ms"], cost, ratio))
    heads = ("view", "clients", "bare ops/s", "bare CPU ms/op", "create CPU ms/op", "ratio")
    return table("Bare Django + DRF views that insert one row.", heads, lines)


def _sweep(rows: Iterable[Mapping[str, Any]]) -> str:
    names = ("case", "due", "messages", "exactly_once", "told_before_kill", "p50_seconds", "max_seconds")
    return table(
        "Promises broken in the same second.", names, ([row[name] for name in names] for row in rows)
    )


def _engine(figures: Mapping[str, Mapping[str, Any]]) -> str:
    lines = [(name, value) for part in figures.values() for name, value in part.items()]
    return table("Arithmetic and replay.", ("figure", "value"), lines)
