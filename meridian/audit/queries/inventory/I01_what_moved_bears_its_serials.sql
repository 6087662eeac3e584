-- What was shipped, came back or was used up of an item that is kept by serial number bears as many serials.
SELECT x.document_id AS id FROM (
  SELECT d.document_id, d.item_id, d.kind, SUM(d.milli) AS milli FROM (
    SELECT m.document_id, m.item_id, m.kind, CASE WHEN m.quantity_milli < 0 THEN -m.quantity_milli
      ELSE m.quantity_milli END AS milli
    FROM stock_move m JOIN item i ON i.id = m.item_id
    WHERE i.serial_tracked AND m.kind IN ('shipment', 'return', 'consumption', 'production')
    UNION ALL
    SELECT e.document_id, e.item_id, CASE e.kind WHEN 'shipped' THEN 'shipment' WHEN 'returned' THEN 'return'
      WHEN 'made' THEN 'production' ELSE 'consumption' END, -1000
    FROM serial_event e WHERE e.kind IN ('shipped', 'returned', 'consumed', 'made')
  ) d GROUP BY d.document_id, d.item_id, d.kind) x
WHERE x.milli <> 0
ORDER BY x.document_id
