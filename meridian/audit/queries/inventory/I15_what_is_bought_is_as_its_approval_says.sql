-- What waits for a yes is open (a requisition) or a draft (a purchase order), and names the approval that it waits for;
-- what was approved went on.
SELECT a.id AS id FROM approval a
WHERE a.document = 'purchase_requisition' AND a.state = 'waiting' AND NOT EXISTS (
    SELECT 1 FROM requisition r WHERE r.id = a.document_id AND r.approval_id = a.id AND r.state = 'open')
UNION ALL
SELECT a.id AS id FROM approval a
WHERE a.document = 'purchase_order' AND a.state = 'waiting' AND NOT EXISTS (
    SELECT 1 FROM purchase_order p WHERE p.id = a.document_id AND p.approval_id = a.id AND p.state = 'draft')
UNION ALL
SELECT r.id AS id FROM requisition r JOIN approval a ON a.id = r.approval_id
WHERE a.document_id <> r.id OR (a.state = 'approved' AND r.state = 'open')
UNION ALL
SELECT p.id AS id FROM purchase_order p JOIN approval a ON a.id = p.approval_id
WHERE a.document_id <> p.id OR (a.state = 'approved' AND p.state = 'draft')
ORDER BY id
