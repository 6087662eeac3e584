-- An override that may be used, or was, was approved by others; one that waits has an approval that waits.
SELECT o.id AS id FROM credit_override o LEFT JOIN approval a ON a.id = o.approval_id AND a.document_id = o.id
WHERE a.id IS NULL
   OR (o.state IN ('approved', 'used') AND a.state <> 'approved')
   OR (o.state = 'waiting') <> (a.state = 'waiting')
ORDER BY o.id
