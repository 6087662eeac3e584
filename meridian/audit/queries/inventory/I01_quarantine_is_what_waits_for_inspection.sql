-- What lies in quarantine is what was received and not inspected yet, and nobody is promised any of it.
SELECT x.item_id AS id FROM (
  SELECT d.item_id, d.warehouse_id, d.lot, SUM(d.milli) AS milli FROM (
    SELECT s.item_id, w.quarantine_of AS warehouse_id, s.lot, s.on_hand_milli AS milli
    FROM stock s JOIN warehouse w ON w.id = s.warehouse_id WHERE w.quarantine_of IS NOT NULL
    UNION ALL
    SELECT b.item_id, r.warehouse_id, b.lot, -(b.received_milli - b.restocked_milli - b.scrapped_milli)
    FROM goods_return_line b JOIN goods_return r ON r.id = b.return_id WHERE r.warehouse_id IS NOT NULL
  ) d GROUP BY d.item_id, d.warehouse_id, d.lot) x
WHERE x.milli <> 0
UNION
SELECT s.item_id AS id FROM stock s JOIN warehouse w ON w.id = s.warehouse_id
WHERE w.quarantine_of IS NOT NULL AND s.reserved_milli <> 0
