-- The least that a page of a queue costs: 50 rows by an index that holds exactly their order.
\set queue random(1, 5)
\set below random(5000, 100000)
SELECT id, title, state, priority, requester_id, owner_id, created_at, updated_at, resolve_due FROM floor_record
WHERE queue_id = :queue AND state IN ('new', 'open', 'pending') AND id <= :below ORDER BY id DESC LIMIT 50;
