-- What is packed of a delivery note is the note, lot by lot, and only what is packed or has left has packages.
SELECT x.delivery_id AS id FROM (
  SELECT d.delivery_id, d.order_line_id, d.lot, SUM(d.milli) AS milli FROM (
    SELECT p.delivery_id, p.order_line_id, p.lot, p.quantity_milli AS milli FROM package_line p
    UNION ALL
    SELECT l.delivery_id, l.order_line_id, l.lot, -l.quantity_milli FROM delivery_line l
    WHERE EXISTS (SELECT 1 FROM package k WHERE k.delivery_id = l.delivery_id)
  ) d GROUP BY d.delivery_id, d.order_line_id, d.lot) x
WHERE x.milli <> 0
UNION
SELECT n.id FROM delivery n
WHERE (n.state = 'packed' AND NOT EXISTS (SELECT 1 FROM package k WHERE k.delivery_id = n.id))
   OR (n.state IN ('ready', 'picked') AND EXISTS (SELECT 1 FROM package k WHERE k.delivery_id = n.id))
