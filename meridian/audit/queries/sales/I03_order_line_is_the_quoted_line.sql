-- A line of an order is the line of its quotation: price, discount, promotions, amount and tax; but for changed lines.
-- Where tax is rounded per document and the customer chose, its share of the tax is that of the chosen lines.
SELECT l.id AS id FROM sales_order_line l JOIN sales_order o ON o.id = l.order_id
LEFT JOIN quotation_line q ON q.quotation_id = o.quotation_id AND q.line_no = l.line_no
WHERE o.quotation_id IS NOT NULL AND NOT EXISTS (
     SELECT 1 FROM order_change_line c JOIN order_change h ON h.id = c.change_id
     WHERE c.order_line_id = l.id AND h.state = 'applied')
   AND (q.id IS NULL OR q.item_id <> l.item_id OR q.quantity_milli <> l.quantity_milli
   OR q.unit_price_e4 <> l.unit_price_e4 OR q.discount_bp <> l.discount_bp
   OR q.promotion_minor <> l.promotion_minor OR q.amount_minor <> l.amount_minor
   OR COALESCE(q.tax_code, '') <> COALESCE(l.tax_code, '') OR q.tax_ppm <> l.tax_ppm
   OR (q.tax_minor <> l.tax_minor AND (o.tax_rounding = 'line' OR NOT EXISTS (
        SELECT 1 FROM quotation_option p WHERE p.quotation_id = o.quotation_id))))
ORDER BY l.id
