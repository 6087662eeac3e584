-- A customer's bank reference is booked once.
SELECT reference AS id FROM payment GROUP BY customer_id, reference HAVING COUNT(*) > 1 ORDER BY reference
