-- What goes back of a part of a receipt is the sum of the returns that stand, and never more than came in with it.
SELECT p.document_id AS id FROM purchase_receipt_line p
LEFT JOIN returned_receipt b ON b.document_id = p.document_id AND b.position = p.position
WHERE COALESCE(b.returned_milli, 0) <> COALESCE((
    SELECT SUM(l.quantity_milli) FROM supplier_return_line l JOIN supplier_return r ON r.id = l.return_id
    WHERE l.receipt_id = p.document_id AND l.position = p.position
      AND r.state NOT IN ('rejected', 'cancelled')), 0)
   OR COALESCE(b.returned_milli, 0) > p.quantity_milli
UNION
SELECT r.id AS id FROM supplier_return r
WHERE r.state IN ('shipped', 'credited') AND COALESCE((
    SELECT SUM(l.quantity_milli) FROM supplier_return_line l
    WHERE l.return_id = r.id AND l.goods_return_id IS NULL), 0) <> COALESCE((
    SELECT -SUM(m.quantity_milli) FROM stock_move m WHERE m.document_id = r.id AND m.kind = 'supplier_return'), 0)
