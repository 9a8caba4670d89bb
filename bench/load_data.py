"""Fills an empty, migrated database with incidents as the product would have written them: `python -m bench.load_data`.

Patterns (`patterns.py`) are made by the product's own code and copied by SQL (`load_data.sql`), so that a million
incidents load in minutes and `sla_replay --check` still finds nothing.
"""

import argparse
import csv
import io
import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import extensions

import bench.ready  # noqa: F401  it must come first
from bench.patterns import WEEK, patterns
from bench.words import POOL
from bench.words import texts as made_up_texts
from bench.world import World, build_world
from reporting.services.rebuild import rebuild_totals
from tenancy.engine.scope import tenant_scope

TENANTS = 50
# Tenant 1 has a fifth of all, and never less than a thousand: its lists are the ones measured.
FIRST_SHARE, FIRST_LEAST = 0.2, 1_000
_STAGE = """
CREATE SCHEMA bench_stage;
CREATE UNLOGGED TABLE bench_stage.share (tenant_id int, incidents int, patterns int, before int, texts int,
  this_week interval);
CREATE UNLOGGED TABLE bench_stage.text (text_id int PRIMARY KEY, title text, description text, comment text,
  words tsvector);
CREATE UNLOGGED TABLE bench_stage.record (tenant_id int, p int, state text, phase text,
  priority int, service_id uuid,
  requester_id uuid, organisation_id uuid, support_group_id uuid, provider_id uuid, assignee_id uuid,
  opened_at timestamptz, updated_at timestamptz, resolved_at timestamptz, closed_at timestamptz,
  version int, impact int,
  urgency int, category_id uuid, PRIMARY KEY (tenant_id, p));
CREATE UNLOGGED TABLE bench_stage.entry (tenant_id int, p int, version int, at timestamptz,
  verb text, door text,
  actor_kind text, actor_id uuid, actor_name text, provider_id uuid, facts jsonb);
CREATE UNLOGGED TABLE bench_stage.comment (tenant_id int, p int, version int, author_id uuid,
  author_name text, door text,
  at timestamptz);
CREATE UNLOGGED TABLE bench_stage.party (tenant_id int, p int, provider_id uuid, since timestamptz);
CREATE UNLOGGED TABLE bench_stage.clock (tenant_id int, p int, target_version_id uuid, code text,
  kind text, metric text,
  party uuid, state text, started_at timestamptz, matched_at timestamptz, stopped_at timestamptz,
  duration int,
  consumed int, running_since timestamptz, due_at timestamptz, breached_at timestamptz, met bool,
  fire_at timestamptz[], fire_percent int[], last_fire_at timestamptz);
CREATE UNLOGGED TABLE bench_stage.fact (tenant_id int, p int, measure text, period date, at timestamptz,
  service uuid, organisation uuid, support_group uuid, provider_id uuid, priority int, target uuid,
  amount bigint, ruled bigint);
CREATE UNLOGGED TABLE bench_stage.hold (tenant_id int, p int, position int, party_kind text,
  party uuid, provider_id uuid,
  state text, started_at timestamptz, ended_at timestamptz);
"""
_WORDS = """
UPDATE bench_stage.text SET words = setweight(to_tsvector('english', title), 'A')
  || setweight(to_tsvector('english', description), 'B') || setweight(to_tsvector('english', comment), 'C')
"""
_HEADER = [
    "state",
    "phase",
    "priority",
    "service_id",
    "requester_id",
    "organisation_id",
    "support_group_id",
    "provider_id",
    "assignee_id",
    "opened_at",
    "updated_at",
    "resolved_at",
    "closed_at",
    "version",
]
_ENTRY = ["version", "at", "verb", "door", "actor_kind", "actor_id", "actor_name", "provider_id"]
_CLOCK = [
    "target_version_id",
    "code",
    "kind",
    "metric",
    "party",
    "state",
    "started_at",
    "matched_at",
    "stopped_at",
    "duration",
    "consumed",
    "running_since",
    "due_at",
    "breached_at",
    "met",
]
_HOLD = ["position", "party_kind", "party", "provider_id", "state", "started_at", "ended_at"]


def load(*, incidents: int, tenants: int = TENANTS) -> dict[str, Any]:
    """Make the tenants and so many incidents over them; returns what a load generator must know.

    Works on the database of the environment, as the application for people and services, as superuser for the rest.
    """
    admin = psycopg2.connect(os.environ["ITSM_BENCH_ADMIN_URL"])
    first = max(int(incidents * FIRST_SHARE), min(incidents, FIRST_LEAST)) if tenants > 1 else incidents
    others = (incidents - first) // max(1, tenants - 1)
    texts = min(POOL, max(1_000, incidents))
    with admin, admin.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET work_mem = '256MB'")
        cursor.execute(_STAGE)
        _say("texts")
        _copy_texts(cursor, texts)
        worlds = []
        for number in range(1, tenants + 1):
            share = first if number == 1 else others
            worlds.append(_stage_tenant(cursor, number, share, texts))
        _say("patterns")
        cursor.execute("ANALYZE")
        for statement in (Path(__file__).parent / "load_data.sql").read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                began = time.monotonic()
                cursor.execute(statement)
                _say(f"{time.monotonic() - began:6.1f} s  {statement.strip().splitlines()[-1][:70]}")
        cursor.execute("DROP SCHEMA bench_stage CASCADE")
    _say("totals of the figures")
    for world in worlds:
        with tenant_scope(world.tenant_id, actor="system:bench"):
            rebuild_totals()
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")
    admin.close()
    world = worlds[0]
    return {
        "incidents": incidents,
        "tenants": tenants,
        "tenant_id": world.tenant_id,
        "host": world.host,
        "clients": world.clients,
        "agent": world.agents["service-desk"][0].email,
        "manager": world.manager.email,
        "requesters": [member.email for member in world.requesters[:200]],
    }


def _stage_tenant(cursor: extensions.cursor, number: int, share: int, texts: int) -> World:
    people = 2_000 if number == 1 else 100
    world = build_world(number=number, requesters=min(people, max(20, share // 10)))
    count = max(1, min(2_000 if number == 1 else 100, share))
    now = datetime.now(UTC)
    monday = (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    rows: dict[str, list[Sequence[Any]]] = {
        name: [] for name in ("record", "entry", "comment", "party", "clock", "hold", "fact")
    }
    with tenant_scope(world.tenant_id, actor="system:bench"):
        for p, pattern in enumerate(patterns(world, count)):
            key = (world.tenant_id, p)
            header = [getattr(pattern.record, name) for name in _HEADER]
            rows["record"].append((*key, *header, pattern.impact, pattern.urgency, pattern.category_id))
            rows["entry"] += [
                (*key, *(getattr(entry, name) for name in _ENTRY), json.dumps(entry.facts))
                for entry in pattern.entries
            ]
            rows["comment"] += [
                (*key, version, actor.membership_id, actor.name, actor.door, at)
                for version, actor, at in pattern.comments
            ]
            rows["party"] += [(*key, provider, since) for provider, since in pattern.parties.items()]
            for clock in pattern.clocks:
                fires = [instant.isoformat() for instant in clock.fire_at]
                plan = (_array(fires), _array(clock.fire_percent), fires[-1] if fires else None)
                rows["clock"].append((*key, *(getattr(clock, name) for name in _CLOCK), *plan))
            rows["hold"] += [(*key, *(getattr(hold, name) for name in _HOLD)) for hold in pattern.holds]
            rows["fact"] += [(*key, *fact) for fact in pattern.facts]
    for name, lines in rows.items():
        _copy(cursor, name, lines)
    _copy(cursor, "share", [(world.tenant_id, share, count, 0, texts, monday - WEEK)])
    return world


def _copy_texts(cursor: extensions.cursor, count: int) -> None:
    lines = (
        (index, text.title, text.description, text.comment, None)
        for index, text in enumerate(made_up_texts(count))
    )
    _copy(cursor, "text", lines)
    cursor.execute(_WORDS)


def _copy(cursor: extensions.cursor, table: str, lines: Iterable[Sequence[Any]]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for line in lines:
        writer.writerow(["\\N" if value is None else value for value in line])
    buffer.seek(0)
    cursor.copy_expert(f"COPY bench_stage.{table} FROM STDIN (FORMAT csv, NULL '\\N')", buffer)


def _array(values: Iterable[Any]) -> str:
    return "{" + ",".join(str(value) for value in values) + "}"


def _say(text: str) -> None:
    sys.stderr.write(f"load: {text}\n")


def main() -> None:
    """Load and write the description of what was loaded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, required=True)
    parser.add_argument("--tenants", type=int, default=TENANTS)
    parser.add_argument("--describe", type=Path, required=True, help="file to write the description to")
    arguments = parser.parse_args()
    described = load(incidents=arguments.incidents, tenants=arguments.tenants)
    arguments.describe.write_text(json.dumps(described, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
