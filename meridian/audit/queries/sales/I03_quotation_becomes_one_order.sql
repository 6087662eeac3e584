-- An accepted quotation has exactly one order, with the same total and tax, by the same rule.
SELECT q.id AS id FROM quotation q
WHERE q.state = 'accepted' AND NOT EXISTS (
  SELECT 1 FROM sales_order o WHERE o.quotation_id = q.id AND o.id = q.order_id AND o.total_minor = q.total_minor
    AND o.tax_minor = q.tax_minor AND o.tax_prices = q.tax_prices AND o.tax_rounding = q.tax_rounding)
ORDER BY q.id
