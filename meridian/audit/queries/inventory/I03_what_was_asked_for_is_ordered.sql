-- A requisition that is ordered, or closed, is a line of its purchase order, with the same item and quantity.
SELECT r.id AS id FROM requisition r
WHERE r.state IN ('ordered', 'closed') AND NOT EXISTS (
  SELECT 1 FROM purchase_order_line l
  WHERE l.purchase_order_id = r.purchase_order_id AND l.requisition_id = r.id AND l.item_id = r.item_id
    AND l.quantity_milli = r.quantity_milli)
ORDER BY r.id
