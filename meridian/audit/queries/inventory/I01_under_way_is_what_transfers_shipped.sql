-- What is between two warehouses is what transfers shipped and neither received nor lost, and nobody is promised any of it.
SELECT x.item_id AS id FROM (
  SELECT d.item_id, d.to_id, d.lot, SUM(d.milli) AS milli FROM (
    SELECT s.item_id, w.transit_to AS to_id, s.lot, s.on_hand_milli AS milli
    FROM stock s JOIN warehouse w ON w.id = s.warehouse_id WHERE w.transit_to IS NOT NULL
    UNION ALL
    SELECT p.item_id, t.to_id, p.lot, -(p.shipped_milli - p.received_milli - p.lost_milli)
    FROM transfer_part p JOIN transfer t ON t.id = p.transfer_id
  ) d GROUP BY d.item_id, d.to_id, d.lot) x
WHERE x.milli <> 0
UNION
SELECT s.item_id AS id FROM stock s JOIN warehouse w ON w.id = s.warehouse_id
WHERE w.transit_to IS NOT NULL AND s.reserved_milli <> 0
