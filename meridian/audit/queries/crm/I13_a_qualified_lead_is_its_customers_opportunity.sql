-- A qualified lead has its customer and an opportunity of that customer, and so have all its activities.
SELECT l.id AS id FROM lead l
LEFT JOIN opportunity o ON o.id = l.opportunity_id
WHERE l.state = 'qualified'
  AND (o.id IS NULL OR l.customer_id IS NULL OR o.customer_id <> l.customer_id OR EXISTS (
    SELECT 1 FROM activity a WHERE a.lead_id = l.id AND (a.customer_id IS NULL OR a.customer_id <> l.customer_id)))
ORDER BY l.id
