-- Of an item that is kept by serial number as many serials are in a warehouse as are on hand there.
SELECT x.item_id AS id FROM (
  SELECT d.item_id, d.warehouse_id, SUM(d.milli) AS milli FROM (
    SELECT s.item_id, s.warehouse_id, s.on_hand_milli AS milli
    FROM stock s JOIN item i ON i.id = s.item_id WHERE i.serial_tracked
    UNION ALL
    SELECT n.item_id, n.warehouse_id, -1000 FROM serial n WHERE n.warehouse_id IS NOT NULL
  ) d GROUP BY d.item_id, d.warehouse_id) x
WHERE x.milli <> 0
ORDER BY x.item_id
