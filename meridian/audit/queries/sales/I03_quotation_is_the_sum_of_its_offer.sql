-- Every quotation's total is the sum of its required lines and of those that are included where nothing is chosen, with
-- the tax on them; that this is right is worked out again beside.
SELECT q.id AS id FROM quotation q
WHERE q.total_minor - CASE WHEN q.tax_prices = 'inclusive' THEN 0 ELSE q.tax_minor END <> COALESCE((
  SELECT SUM(l.amount_minor) FROM quotation_line l LEFT JOIN quotation_option p ON p.line_id = l.id
  WHERE l.quotation_id = q.id AND (p.line_id IS NULL OR p.included)), 0)
ORDER BY q.id
