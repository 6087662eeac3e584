-- A ticket that nobody opened says what happened, and only such a ticket does.
SELECT t.id FROM ticket t LEFT JOIN ticket_cause c ON c.ticket_id = t.id
WHERE (t.opened_by = 'meridian') <> (c.ticket_id IS NOT NULL)
ORDER BY t.id
