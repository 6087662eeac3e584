-- Where a serial is, is what its history said last.
SELECT n.serial AS id FROM serial n
WHERE NOT EXISTS (
  SELECT 1 FROM serial_event e
  WHERE e.id = (
    SELECT l.id FROM serial_event l WHERE l.item_id = n.item_id AND l.serial = n.serial ORDER BY l.id DESC LIMIT 1)
  AND e.state = n.state AND e.document_id = n.document_id
  AND COALESCE(CAST(e.warehouse_id AS VARCHAR(36)), '') = COALESCE(CAST(n.warehouse_id AS VARCHAR(36)), '')
  AND COALESCE(CAST(e.customer_id AS VARCHAR(36)), '') = COALESCE(CAST(n.customer_id AS VARCHAR(36)), ''))
ORDER BY n.serial
