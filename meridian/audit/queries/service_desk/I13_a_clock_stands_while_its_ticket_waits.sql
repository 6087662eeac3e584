-- The clock of a ticket stands while the customer is waited for and once it is solved, and runs otherwise.
SELECT t.id FROM ticket t JOIN ticket_clock c ON c.ticket_id = t.id
WHERE (t.state IN ('pending', 'resolved', 'closed')) <> (c.paused_at IS NOT NULL)
   OR (t.state IN ('resolved', 'closed')) <> (c.resolution_done_at IS NOT NULL)
   OR (c.paused_at IS NOT NULL AND c.response_done_at IS NULL)
ORDER BY t.id
