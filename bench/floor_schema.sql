DROP TABLE IF EXISTS floor_audit, floor_record;
CREATE TABLE floor_record (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id int NOT NULL, kind text NOT NULL,
  queue_id int NOT NULL, state text NOT NULL, priority smallint, impact smallint, urgency smallint, title text NOT NULL,
  description text, requester_id int, owner_id int, provider_id int, service_id int, device_id int, category text,
  source text, target_id int, respond_due timestamptz, resolve_due timestamptz, created_at timestamptz,
  updated_at timestamptz, resolved_at timestamptz, closed_at timestamptz, version int);
CREATE TABLE floor_audit (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  record_id bigint NOT NULL REFERENCES floor_record, actor_id int, at timestamptz, verb text, field text, old text, new text);
CREATE INDEX ON floor_audit (record_id);
CREATE INDEX ON floor_record (queue_id, id DESC) WHERE state IN ('new', 'open', 'pending');
CREATE INDEX ON floor_record (requester_id, id);
CREATE INDEX ON floor_record (owner_id, id);
INSERT INTO floor_record (tenant_id, kind, queue_id, state, title, requester_id, created_at, updated_at)
  SELECT 1, 'incident', 1 + i % 5, CASE WHEN i % 5 = 0 THEN 'open' ELSE 'closed' END, 'Record ' || i, i % 2000, now(), now()
  FROM generate_series(1, 100000) i;
ANALYZE floor_record;
