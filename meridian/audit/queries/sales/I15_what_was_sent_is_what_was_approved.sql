-- A quotation that was sent or accepted by an approval has the total that was approved.
SELECT q.id AS id FROM quotation q
WHERE q.state IN ('sent', 'accepted') AND q.approval_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM approval a
  WHERE a.id = q.approval_id AND a.document_id = q.id AND a.state = 'approved'
    AND CAST(a.facts -> 'total' ->> 'minor' AS BIGINT) = q.total_minor
    AND CAST(a.facts ->> 'largest_discount' AS BIGINT) = (
      SELECT MAX(l.discount_bp) FROM quotation_line l WHERE l.quotation_id = q.id))
ORDER BY q.id
