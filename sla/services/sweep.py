"""Telling of warnings and breaches as their instants come.

A breach is a fact of its due instant whether or not anyone tells; this only tells. One statement claims, notes and
writes the messages, so a killed sweep tells everything once: what it claimed and did not commit, nobody heard.
"""

from django.db import connection

from outbox.public import subscribers_of
from sla.engine.rule_actions import ESCALATES
from tenancy.engine.scope import platform_scope

BATCH = 500

# Asked four times a second by each sweep, when nearly always nothing is due: planning the sweep itself costs far more.
_LOOK = "WITH due AS (SELECT 1 FROM sla_clock WHERE next_fire_at <= now() LIMIT 1) SELECT count(*) FROM due"
# Told later than this after its instant, a warning or a breach says how late it is.
LATE_AFTER_SECONDS = 60
# A point that nothing escalates at is not delivered to who escalates: most points are none of theirs.
# now() and not clock_timestamp(), which is volatile and would lose the index.
_SWEEP = """
WITH due AS (
  SELECT id, next_fire_at, fire_percent[1] AS percent FROM sla_clock
  WHERE next_fire_at <= now() ORDER BY next_fire_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED),
fired AS (
  UPDATE sla_clock c
  SET told_at = due.next_fire_at, told_percent = due.percent, next_fire_at = c.fire_at[2], fire_at = c.fire_at[2:],
      fire_percent = c.fire_percent[2:],
      breached_at = CASE WHEN due.percent = 100 THEN coalesce(c.breached_at, c.due_at) ELSE c.breached_at END
  FROM due WHERE c.id = due.id
  RETURNING c.tenant_id, c.id, c.record_id, c.kind, c.metric, c.code, due.percent, c.target_version_id, c.party,
            c.matched_at, extract(epoch FROM now() - due.next_fire_at)::bigint AS late,
            CASE WHEN due.percent = 100 THEN coalesce(c.breached_at, due.next_fire_at) ELSE due.next_fire_at END AS at),
message AS (
  INSERT INTO outbox_message (tenant_id, kind, record_id, payload, at)
  SELECT tenant_id, CASE WHEN percent = 100 THEN 'clock.breached' ELSE 'clock.warned' END, record_id,
         jsonb_build_object('clock', id, 'kind', kind, 'metric', metric, 'code', code, 'percent', percent,
           'target_version', target_version_id, 'party', party, 'matched_at', extract(epoch FROM matched_at)::bigint)
         || CASE WHEN late > %(late)s THEN jsonb_build_object('late_seconds', late) ELSE '{}'::jsonb END, at
  FROM fired ORDER BY at
  RETURNING id, tenant_id, kind, record_id, payload),
delivery AS (
  INSERT INTO outbox_delivery (tenant_id, message_id, subscriber, lane, status, attempts, next_at, error)
  SELECT m.tenant_id, m.id, s.name, m.record_id, 'pending', 0, now(), ''
  FROM message m JOIN unnest(%(kinds)s::text[], %(names)s::text[]) AS s(kind, name) ON s.kind = m.kind
  WHERE s.name <> %(escalates)s OR EXISTS (
    SELECT 1 FROM sla_escalation e WHERE e.tenant_id = m.tenant_id
      AND e.target_version_id = (m.payload ->> 'target_version')::uuid AND e.percent = (m.payload ->> 'percent')::int)
  ORDER BY m.id)
SELECT count(*) FROM fired
"""


def sweep_once(*, batch: int = BATCH) -> int:
    """Tell of up to `batch` warnings and breaches whose instant has come; returns how many."""
    pairs = [(kind, name) for kind in ("clock.warned", "clock.breached") for name in subscribers_of(kind)]
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute(_LOOK)
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            _SWEEP,
            {
                "batch": batch,
                "kinds": [kind for kind, _ in pairs],
                "names": [name for _, name in pairs],
                "late": LATE_AFTER_SECONDS,
                "escalates": ESCALATES,
            },
        )
        return int(cursor.fetchone()[0])
