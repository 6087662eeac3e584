-- What is not left of a down payment was deducted by its order's invoices, or credited; both without tax and in tax.
SELECT d.order_id AS id FROM down_payment d JOIN invoice i ON i.id = d.invoice_id
WHERE d.net_minor <> i.total_minor - i.tax_minor
  OR d.net_minor - d.left_net_minor <> COALESCE((
    SELECT SUM(c.amount_minor) FROM invoice_deduction c JOIN invoice b ON b.id = c.invoice_id
    WHERE b.order_id = d.order_id), 0)
  + COALESCE((SELECT SUM(n.total_minor - n.tax_minor) FROM credit_note n WHERE n.invoice_id = d.invoice_id), 0)
  OR i.tax_minor - d.left_tax_minor <> COALESCE((
    SELECT SUM(c.tax_minor) FROM invoice_deduction c JOIN invoice b ON b.id = c.invoice_id
    WHERE b.order_id = d.order_id), 0)
  + COALESCE((SELECT SUM(n.tax_minor) FROM credit_note n WHERE n.invoice_id = d.invoice_id), 0)
ORDER BY d.order_id
