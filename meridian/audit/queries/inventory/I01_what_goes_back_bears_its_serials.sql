-- A return to a supplier that stands names a serial for each unit; what has left is sent back by it, nothing else is.
SELECT r.id AS id FROM supplier_return r
JOIN supplier_return_line l ON l.return_id = r.id
JOIN item i ON i.id = l.item_id
WHERE i.serial_tracked AND l.quantity_milli <> 1000 * (
  SELECT COUNT(*) FROM supplier_return_serial s WHERE s.return_id = l.return_id AND s.line_no = l.line_no
    AND s.outcome = CASE WHEN r.state IN ('shipped', 'credited') THEN 'sent'
                         WHEN r.state IN ('rejected', 'cancelled') THEN 'kept' ELSE 'announced' END)
UNION
SELECT s.return_id AS id FROM supplier_return_serial s
WHERE s.outcome = 'sent' AND NOT EXISTS (
  SELECT 1 FROM serial_event e WHERE e.item_id = s.item_id AND e.serial = s.serial AND e.kind = 'sent_back'
    AND e.document_id = s.return_id)
UNION
SELECT e.document_id AS id FROM serial_event e
WHERE e.kind = 'sent_back' AND NOT EXISTS (
  SELECT 1 FROM supplier_return_serial s WHERE s.return_id = e.document_id AND s.item_id = e.item_id
    AND s.serial = e.serial AND s.outcome = 'sent')
