-- A change of an order waits for its approval if and only if that waits; one that was checked or applied has it, as it is.
SELECT c.number AS id FROM order_change c LEFT JOIN approval a ON a.id = c.approval_id AND a.document_id = c.id
WHERE c.approval_id IS NOT NULL AND (a.id IS NULL
   OR (c.state = 'pending_approval') <> (a.state = 'waiting')
   OR (c.state IN ('checking', 'applied') AND a.state <> 'approved')
   OR CAST(a.facts -> 'total' ->> 'minor' AS BIGINT) <> c.total_after_minor)
UNION ALL
SELECT a.number AS id FROM approval a
WHERE a.document = 'order_change' AND a.state = 'waiting' AND NOT EXISTS (
  SELECT 1 FROM order_change c WHERE c.id = a.document_id AND c.approval_id = a.id AND c.state = 'pending_approval')
ORDER BY id
