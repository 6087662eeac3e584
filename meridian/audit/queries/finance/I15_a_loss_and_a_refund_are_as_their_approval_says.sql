-- What was given up or given back by another's yes has it; what waits has an approval that waits.
SELECT d.id AS id FROM (
  SELECT id, approval_id, state, posted_on FROM write_off WHERE approval_id IS NOT NULL
  UNION ALL SELECT id, approval_id, state, posted_on FROM refund) d
LEFT JOIN approval a ON a.id = d.approval_id AND a.document_id = d.id
WHERE a.id IS NULL
   OR (d.posted_on IS NOT NULL AND a.state <> 'approved')
   OR (d.state = 'waiting') <> (a.state = 'waiting')
ORDER BY d.id
