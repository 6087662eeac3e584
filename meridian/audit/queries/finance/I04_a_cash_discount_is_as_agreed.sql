-- A cash discount is within what the invoice let off, by a payment in time; no more of it is owed again than was let off.
SELECT o.id AS id FROM cash_discount o JOIN invoice i ON i.id = o.invoice_id JOIN payment p ON p.id = o.payment_id
WHERE o.kind = 'granted' AND (o.amount_minor > i.discount_minor OR p.received_on > i.discount_until
  OR o.amount_minor < COALESCE((
    SELECT SUM(r.amount_minor) FROM cash_discount r WHERE r.invoice_id = o.invoice_id AND r.kind = 'reversed'), 0)
  OR o.amount_minor <> (
    SELECT SUM(c.amount_minor + c.tax_minor) FROM cash_discount_part c WHERE c.discount_id = o.id))
UNION
SELECT r.id AS id FROM cash_discount r WHERE r.kind = 'reversed' AND NOT EXISTS (
  SELECT 1 FROM cash_discount o WHERE o.invoice_id = r.invoice_id AND o.kind = 'granted')
