-- The least that creating an incident costs: a row of 25 columns and two audit rows, in one transaction.
\set queue random(1, 5)
\set person random(1, 2000)
BEGIN;
INSERT INTO floor_record (tenant_id, kind, queue_id, state, priority, impact, urgency, title, description, requester_id,
  owner_id, provider_id, service_id, device_id, category, source, target_id, respond_due, resolve_due, created_at,
  updated_at, resolved_at, closed_at, version)
VALUES (1, 'incident', :queue, 'new', :queue, 3, 3, 'Laptop will not start after the update',
  repeat('It shows a blue screen after the update. ', 10), :person, NULL, NULL, :queue, :person, 'hardware', 'portal',
  :queue, now() + interval '1 hour', now() + interval '8 hours', now(), now(), NULL, NULL, 1) RETURNING id \gset
INSERT INTO floor_audit (record_id, actor_id, at, verb, field, old, new)
VALUES (:id, :person, now(), 'raise', NULL, NULL, NULL);
INSERT INTO floor_audit (record_id, actor_id, at, verb, field, old, new)
VALUES (:id, :person, now(), 'clock', 'target', NULL, 'started');
COMMIT;
