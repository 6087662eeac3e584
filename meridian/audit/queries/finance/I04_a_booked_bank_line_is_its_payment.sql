-- A line of the bank that was booked is a payment of its amount and currency.
SELECT l.id FROM bank_line l LEFT JOIN payment p ON p.id = l.payment_id
WHERE l.state = 'booked' AND (p.id IS NULL OR p.amount_minor <> l.amount_minor OR p.currency <> l.currency)
