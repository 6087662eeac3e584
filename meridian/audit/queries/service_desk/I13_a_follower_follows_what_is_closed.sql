-- A ticket that follows another one follows one that is closed.
SELECT r.ticket_id AS id FROM ticket_relation r
JOIN ticket o ON o.id = r.other_id
WHERE r.tie = 'follows' AND o.state <> 'closed'
ORDER BY r.ticket_id
