-- What is asked for, to be bought or made, because those who wait lack it is no more than what they lack.
SELECT r.item_id AS id FROM (
  SELECT item_id, need_milli FROM requisition WHERE origin = 'shortage' AND state IN ('open', 'approved')
  UNION ALL
  SELECT item_id, need_milli FROM production_order WHERE origin = 'shortage' AND state = 'request') r
GROUP BY r.item_id
HAVING SUM(r.need_milli) > COALESCE((
    SELECT SUM(q.quantity_milli) FROM waiting q WHERE q.item_id = r.item_id), 0)
  + COALESCE((
    SELECT SUM(c.quantity_milli) FROM component_want c WHERE c.item_id = r.item_id), 0)
  - COALESCE((
    SELECT SUM(s.on_hand_milli - s.reserved_milli) FROM stock s JOIN warehouse w ON w.id = s.warehouse_id
    WHERE s.item_id = r.item_id AND w.quarantine_of IS NULL AND NOT s.expired), 0)
  - COALESCE((
    SELECT SUM(l.quantity_milli - l.received_milli) FROM purchase_order_line l
    JOIN purchase_order o ON o.id = l.purchase_order_id
    JOIN requisition f ON f.id = l.requisition_id AND f.origin <> 'order'
    WHERE l.item_id = r.item_id AND l.quantity_milli > l.received_milli
      AND o.state IN ('draft', 'sent', 'confirmed', 'partially_received')), 0)
  - COALESCE((
    SELECT SUM(m.quantity_milli - m.finished_milli) FROM production_order m
    WHERE m.item_id = r.item_id AND m.quantity_milli > m.finished_milli
      AND m.state IN ('waiting', 'assigned', 'running')), 0)
  - COALESCE((
    SELECT SUM(a.quantity_milli) FROM requisition a
    WHERE a.item_id = r.item_id AND a.state = 'approved' AND a.origin NOT IN ('shortage', 'order')), 0)
ORDER BY r.item_id
