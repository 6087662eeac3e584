-- What came in, went back, was invoiced and credited of a bought line is what its documents say, within its bound.
SELECT b.line_id AS id FROM bought_line b
WHERE b.received_milli <> COALESCE((
    SELECT SUM(r.quantity_milli) FROM goods_receipt_line r WHERE r.line_id = b.line_id), 0) - b.returned_milli
   OR b.returned_milli <> COALESCE((
    SELECT SUM(s.quantity_milli) FROM goods_sent_back_line s WHERE s.line_id = b.line_id), 0)
   OR b.received_minor <> COALESCE((
    SELECT SUM(r.value_minor) FROM goods_receipt_line r WHERE r.line_id = b.line_id), 0) - COALESCE((
    SELECT SUM(s.value_minor) FROM goods_sent_back_line s WHERE s.line_id = b.line_id), 0)
   OR b.invoiced_milli <> COALESCE((
    SELECT SUM(l.quantity_milli) FROM supplier_invoice_line l JOIN supplier_invoice i ON i.id = l.invoice_id
    WHERE l.line_id = b.line_id AND i.state = 'posted'), 0) - COALESCE((
    SELECT SUM(c.quantity_milli) FROM supplier_credit_note_line c WHERE c.line_id = b.line_id), 0)
   OR b.invoiced_minor <> COALESCE((
    SELECT SUM(m.cleared_minor) FROM supplier_invoice_match m
    JOIN supplier_invoice_line l ON l.invoice_id = m.invoice_id AND l.line_no = m.line_no
    JOIN supplier_invoice i ON i.id = m.invoice_id
    WHERE l.line_id = b.line_id AND i.state = 'posted'), 0) - COALESCE((
    SELECT SUM(c.cleared_minor) FROM supplier_credit_note_line c WHERE c.line_id = b.line_id), 0)
   OR b.invoiced_milli > b.received_milli + b.over_milli
ORDER BY b.line_id
