from typing import Any

from bench.report import BARS, ratio_of, render


def row(**changes: Any) -> dict[str, Any]:
    """One line of figures as a run gives it."""
    plain: dict[str, Any] = {
        "op": "list_api",
        "size": "1k",
        "clients": 2,
        "ops": 100,
        "errors": 0,
        "per_second": 50.0,
        "p50_ms": 8.0,
        "p95_ms": 10.0,
        "cpu_ms": 9.0,
        "web_ms": 6.0,
        "database_ms": 3.0,
        "background_ms": 0.0,
        "bytes": 1,
    }
    return plain | changes


def test_ratio_is_greatest_over_smallest_size() -> None:
    rows = [
        row(),
        row(size="100k", p95_ms=12.0),
        row(size="1m", p95_ms=15.0),
        row(size="1m", clients=8, p95_ms=99.0),
    ]
    assert ratio_of(rows, "list_api", 2, "p95_ms") == 1.5


def test_ratio_of_one_size_is_none() -> None:
    assert ratio_of([row()], "list_api", 2, "p95_ms") is None


def test_a_missed_goal_and_a_list_that_is_not_flat_are_said() -> None:
    goal = BARS["list_api"].goal
    good = render({"http": [row(), row(size="1m", cpu_ms=goal, p95_ms=15.0)]})
    bad = render({"http": [row(), row(size="1m", cpu_ms=goal + 0.1, p95_ms=15.1)]})
    assert "NO" not in good
    assert bad.count("| NO |") == 2


def test_the_bare_view_is_compared_with_create_of_the_same_clients() -> None:
    bare = [
        {"view": "the barest", "clients": 2, "per_second": 100.0, "cpu_ms": 4.0},
        {"view": "the barest", "clients": 8, "per_second": 100.0, "cpu_ms": 5.0},
    ]
    http = [row(op="create", cpu_ms=8.0), row(op="create", clients=8, cpu_ms=15.0)]
    text = render({"http": http, "bare": bare})
    assert "| the barest | 2 | 100.0 | 4.0 | 8.0 | 2.0 |" in text
    assert "| the barest | 8 | 100.0 | 5.0 | 15.0 | 3.0 |" in text
