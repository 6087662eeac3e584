-- Nobody is asked how content he is with a ticket that is not resolved, and what he is asked is of his own ticket.
SELECT s.id AS id FROM satisfaction s
JOIN ticket t ON t.id = s.ticket_id
WHERE s.customer_id <> t.customer_id
   OR (s.answered_at IS NULL AND s.withdrawn_at IS NULL AND t.state NOT IN ('resolved', 'closed'))
ORDER BY s.id
