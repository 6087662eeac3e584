-- What came in and what was invoiced of a bought line is what its receipts and posted invoices say, within its bound.
SELECT b.line_id AS id FROM bought_line b
WHERE b.received_milli <> COALESCE((
    SELECT SUM(r.quantity_milli) FROM goods_receipt_line r WHERE r.line_id = b.line_id), 0)
   OR b.received_minor <> COALESCE((
    SELECT SUM(r.value_minor) FROM goods_receipt_line r WHERE r.line_id = b.line_id), 0)
   OR b.invoiced_milli <> COALESCE((
    SELECT SUM(l.quantity_milli) FROM supplier_invoice_line l JOIN supplier_invoice i ON i.id = l.invoice_id
    WHERE l.line_id = b.line_id AND i.state = 'posted'), 0)
   OR b.invoiced_minor <> COALESCE((
    SELECT SUM(m.cleared_minor) FROM supplier_invoice_match m
    JOIN supplier_invoice_line l ON l.invoice_id = m.invoice_id AND l.line_no = m.line_no
    JOIN supplier_invoice i ON i.id = m.invoice_id
    WHERE l.line_id = b.line_id AND i.state = 'posted'), 0)
   OR b.invoiced_milli > b.received_milli + b.over_milli
ORDER BY b.line_id
