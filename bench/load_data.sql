-- Copies the patterns of bench_stage into the product's tables, moved by whole weeks, as the product would have written
-- them. Run by load_data.py as superuser with triggers off; {incidents} comes from there.

-- One row per incident to be: which pattern, which week, which text. Inserted in order of opening, as in life.
CREATE UNLOGGED TABLE bench_stage.clone AS
SELECT uuidv7(c.opened_at - clock_timestamp()) AS record_id, c.*,
       'INC' || lpad((c.before + row_number() OVER (PARTITION BY c.tenant_id ORDER BY c.opened_at))::text, 7, '0') AS number
FROM (
  SELECT k.tenant_id, k.p, k.text_id, k.before, k.moved, r.opened_at + k.moved AS opened_at
  FROM (
    SELECT s.tenant_id, s.before, (i::bigint * 7919) % s.patterns AS p, (random() * (s.texts - 1))::int AS text_id,
           s.this_week - make_interval(days => 7 * (2 + floor(random() * 102)::int)) AS moved
    FROM bench_stage.share s CROSS JOIN generate_series(1, s.incidents) i) k
  JOIN bench_stage.record r ON r.tenant_id = k.tenant_id AND r.p = k.p) c
ORDER BY c.opened_at;
CREATE INDEX ON bench_stage.clone (tenant_id, p);
ANALYZE bench_stage.clone;

INSERT INTO records_record (id, tenant_id, kind, number, title, description, state, phase, priority, service_id,
  requester_id, affected_user_id, organisation_id, support_group_id, provider_id, assignee_id, is_restricted,
  external_reference, opened_at, updated_at, resolved_at, closed_at, version)
SELECT c.record_id, c.tenant_id, 'incident', c.number, t.title, t.description, r.state, r.phase, r.priority, r.service_id,
  r.requester_id, r.requester_id, r.organisation_id, r.support_group_id, r.provider_id, r.assignee_id, false, '',
  c.opened_at, r.updated_at + c.moved, r.resolved_at + c.moved, r.closed_at + c.moved, r.version
FROM bench_stage.clone c JOIN bench_stage.record r USING (tenant_id, p) JOIN bench_stage.text t USING (text_id)
ORDER BY c.opened_at;

INSERT INTO incidents_incident (record_id, tenant_id, impact, urgency, is_priority_overridden, category_id, channel,
  contact, resolution_code, resolution)
SELECT c.record_id, c.tenant_id, r.impact, r.urgency, false, r.category_id, 'portal', '',
  CASE WHEN r.resolved_at IS NULL THEN '' ELSE 'fixed' END, CASE WHEN r.resolved_at IS NULL THEN '' ELSE t.comment END
FROM bench_stage.clone c JOIN bench_stage.record r USING (tenant_id, p) JOIN bench_stage.text t USING (text_id)
ORDER BY c.opened_at;

INSERT INTO records_comment (id, tenant_id, record_id, author_id, author_name, door, body, written_at)
SELECT md5(c.record_id::text || s.version)::uuid, c.tenant_id, c.record_id, s.author_id, s.author_name, s.door, t.comment,
  s.at + c.moved
FROM bench_stage.clone c JOIN bench_stage.comment s USING (tenant_id, p) JOIN bench_stage.text t USING (text_id)
ORDER BY c.opened_at;

INSERT INTO records_auditentry (id, tenant_id, record_id, version, at, verb, door, actor_kind, actor_id, actor_name,
  provider_id, facts, xid)
SELECT uuidv7(e.at + c.moved - clock_timestamp()), c.tenant_id, c.record_id, e.version, e.at + c.moved, e.verb, e.door,
  e.actor_kind, e.actor_id, e.actor_name, e.provider_id,
  CASE WHEN e.version = 1 THEN e.facts || jsonb_build_object('title', jsonb_build_array(NULL, t.title))
       WHEN e.facts ? 'comment' THEN e.facts || jsonb_build_object('comment', md5(c.record_id::text || e.version)::uuid)
       ELSE e.facts END,
  pg_current_xact_id()::text::bigint
FROM bench_stage.clone c JOIN bench_stage.entry e USING (tenant_id, p) JOIN bench_stage.text t USING (text_id)
ORDER BY c.opened_at;

INSERT INTO records_recordperson (id, tenant_id, record_id, membership_id, reason)
SELECT uuidv7(c.opened_at - clock_timestamp()), c.tenant_id, c.record_id, r.requester_id, 'requester'
FROM bench_stage.clone c JOIN bench_stage.record r USING (tenant_id, p) ORDER BY c.opened_at;

INSERT INTO records_recordparty (id, tenant_id, record_id, provider_id, since)
SELECT uuidv7(c.opened_at - clock_timestamp()), c.tenant_id, c.record_id, s.provider_id, s.since + c.moved
FROM bench_stage.clone c JOIN bench_stage.party s USING (tenant_id, p) ORDER BY c.opened_at;

-- Warnings and breaches before now are history: told, and noted where the clock still runs.
INSERT INTO sla_clock (id, tenant_id, record_id, target_version_id, code, kind, metric, party, state, started_at,
  matched_at, stopped_at, duration, consumed, running_since, due_at, breached_at, met, next_fire_at, fire_at,
  fire_percent, told_at)
SELECT uuidv7(c.opened_at - clock_timestamp()), c.tenant_id, c.record_id, k.target_version_id, k.code, k.kind, k.metric,
  k.party, k.state, k.started_at + c.moved, k.matched_at + c.moved, k.stopped_at + c.moved, k.duration, k.consumed,
  k.running_since + c.moved, k.due_at + c.moved,
  coalesce(k.breached_at, CASE WHEN k.state = 'running' AND k.due_at + c.moved <= now() THEN k.due_at END) + c.moved,
  k.met, left_over.at[1], coalesce(left_over.at, '{}'), coalesce(left_over.percent, '{}'), now()
FROM bench_stage.clone c JOIN bench_stage.clock k USING (tenant_id, p)
LEFT JOIN LATERAL (
  SELECT array_agg(f.at + c.moved ORDER BY f.at) AS at, array_agg(f.percent ORDER BY f.at) AS percent
  FROM unnest(k.fire_at, k.fire_percent) AS f(at, percent) WHERE f.at + c.moved > now()
) left_over ON k.last_fire_at + c.moved > now()
ORDER BY c.opened_at;

INSERT INTO sla_hold (id, tenant_id, record_id, position, party_kind, party, provider_id, state, started_at, ended_at)
SELECT uuidv7(c.opened_at - clock_timestamp()), c.tenant_id, c.record_id, h.position, h.party_kind, h.party, h.provider_id,
  h.state, h.started_at + c.moved, h.ended_at + c.moved
FROM bench_stage.clone c JOIN bench_stage.hold h USING (tenant_id, p) ORDER BY c.opened_at;

-- What a live record's promise says of it changes as it falls due; what falls due in the future has not happened.
INSERT INTO reporting_fact (id, tenant_id, record_id, measure, period, at, service, organisation, support_group,
  provider_id, priority, target, amount, ruled)
SELECT uuidv7(f.at + c.moved - clock_timestamp()), c.tenant_id, c.record_id,
  CASE WHEN f.measure = 'live.breached' AND f.at + c.moved > now() THEN 'live.due' ELSE f.measure END,
  CASE WHEN f.measure LIKE 'live.%' THEN local.at::date ELSE date_trunc('month', local.at)::date END,
  f.at + c.moved, f.service, f.organisation, f.support_group, f.provider_id, f.priority, f.target, f.amount, f.ruled
FROM bench_stage.clone c JOIN bench_stage.fact f USING (tenant_id, p) JOIN tenancy_tenant t ON t.id = c.tenant_id
CROSS JOIN LATERAL (SELECT (f.at + c.moved) AT TIME ZONE t.time_zone AS at) local
WHERE f.at + c.moved <= now() OR f.measure LIKE 'live.%'
ORDER BY c.opened_at;

DROP INDEX IF EXISTS search_words;
INSERT INTO records_searchdocument (record_id, tenant_id, opened_at, words)
SELECT c.record_id, c.tenant_id, c.opened_at, t.words
FROM bench_stage.clone c JOIN bench_stage.text t USING (text_id) ORDER BY c.opened_at;
CREATE INDEX search_words ON records_searchdocument USING gin (tenant_id, words);

INSERT INTO records_counter (id, tenant_id, kind, value)
SELECT uuidv7(), tenant_id, 'incident', incidents FROM bench_stage.share;

-- What was loaded counts as sealed, or the sealing job would be busy with it for the whole run.
INSERT INTO tenancy_seal (tenant_id, stream, sequence, upto_xid, row_ids, digests, root, sealed_at)
SELECT s.tenant_id, stream, 1, pg_current_xact_id()::text::bigint + 1, '{}', '', repeat('0', 64), now()
FROM bench_stage.share s CROSS JOIN unnest(ARRAY['machine', 'steps']) AS stream;
