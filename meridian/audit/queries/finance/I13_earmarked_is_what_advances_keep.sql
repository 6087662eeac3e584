-- What a payment says is kept for orders is what their advances keep of it.
SELECT p.id AS id FROM payment p
WHERE p.earmarked_minor <> COALESCE((SELECT SUM(e.left_minor) FROM earmark e WHERE e.payment_id = p.id), 0)
ORDER BY p.id
