-- A quotation waits for an approval if and only if that approval waits for an answer.
SELECT q.id AS id FROM quotation q
WHERE q.state = 'pending_approval' AND NOT EXISTS (
  SELECT 1 FROM approval a WHERE a.id = q.approval_id AND a.document_id = q.id AND a.state = 'waiting')
UNION ALL
SELECT a.document_id AS id FROM approval a
WHERE a.state = 'waiting' AND a.document = 'quotation' AND NOT EXISTS (
  SELECT 1 FROM quotation q WHERE q.id = a.document_id AND q.approval_id = a.id AND q.state = 'pending_approval')
ORDER BY id
