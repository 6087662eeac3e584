-- What was said on a ticket stands on one of the same customer, and so do tickets that hang together.
SELECT m.id AS id FROM ticket_message m
JOIN ticket o ON o.id = m.origin_ticket_id
JOIN ticket t ON t.id = m.ticket_id
WHERE o.customer_id <> t.customer_id
UNION
SELECT n.id FROM ticket_note n
JOIN ticket o ON o.id = n.origin_ticket_id
JOIN ticket t ON t.id = n.ticket_id
WHERE o.customer_id <> t.customer_id
UNION
SELECT r.ticket_id FROM ticket_relation r
JOIN ticket t ON t.id = r.ticket_id
JOIN ticket o ON o.id = r.other_id
WHERE o.customer_id <> t.customer_id
