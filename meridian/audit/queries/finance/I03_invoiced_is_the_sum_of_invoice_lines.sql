-- What an order line says is invoiced is the sum of its invoice lines; those of down payments bill nothing.
SELECT o.order_line_id AS id FROM sales_order_line o
WHERE o.invoiced_minor <> COALESCE((
    SELECT SUM(l.amount_minor) FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id AND i.kind = 'goods'
    WHERE l.order_line_id = o.order_line_id), 0)
   OR o.invoiced_tax_minor <> COALESCE((
    SELECT SUM(l.tax_minor) FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id AND i.kind = 'goods'
    WHERE l.order_line_id = o.order_line_id), 0)
   OR o.invoiced_milli <> COALESCE((
    SELECT SUM(l.quantity_milli) FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id AND i.kind = 'goods'
    WHERE l.order_line_id = o.order_line_id), 0)
ORDER BY o.order_line_id
