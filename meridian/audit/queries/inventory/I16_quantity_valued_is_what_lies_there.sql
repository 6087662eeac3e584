-- What is valued of an item is all that lies in its warehouses, without what is in quarantine.
SELECT x.item_id AS id FROM (
  SELECT d.item_id, SUM(d.milli) AS milli FROM (
    SELECT s.item_id, s.on_hand_milli AS milli FROM stock s JOIN warehouse w ON w.id = s.warehouse_id
    WHERE w.quarantine_of IS NULL
    UNION ALL
    SELECT v.item_id, -v.quantity_milli FROM item_value v
  ) d GROUP BY d.item_id) x
WHERE x.milli <> 0
