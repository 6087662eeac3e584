-- An accepted recommendation has its opportunity, which is of the same customer.
SELECT r.id AS id FROM recommendation r
LEFT JOIN opportunity o ON o.id = r.opportunity_id
WHERE r.state = 'accepted' AND (o.id IS NULL OR o.customer_id <> r.customer_id)
ORDER BY r.id
