-- An accepted quotation has one order, by the same rule of tax, with what was required or chosen, unless it was changed.
SELECT q.id AS id FROM quotation q
WHERE q.state = 'accepted' AND NOT EXISTS (
  SELECT 1 FROM sales_order o WHERE o.quotation_id = q.id AND o.id = q.order_id
    AND o.tax_prices = q.tax_prices AND o.tax_rounding = q.tax_rounding
    AND (EXISTS (SELECT 1 FROM order_change h WHERE h.order_id = o.id AND h.state = 'applied') OR (
    (o.tax_minor = q.tax_minor OR EXISTS (SELECT 1 FROM quotation_option a WHERE a.quotation_id = q.id))
    AND o.total_minor - CASE WHEN o.tax_prices = 'inclusive' THEN 0 ELSE o.tax_minor END = (
      SELECT SUM(l.amount_minor) FROM quotation_line l
      LEFT JOIN quotation_option p ON p.line_id = l.id
      LEFT JOIN quotation_choice c ON c.quotation_id = l.quotation_id AND c.line_no = l.line_no
      WHERE l.quotation_id = q.id AND (p.line_id IS NULL OR c.line_id = l.id)))))
ORDER BY q.id
