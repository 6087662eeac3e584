-- A mail that was taken is one word of a customer that came by mail, and says on which ticket it was said.
SELECT m.id AS id FROM mail m
LEFT JOIN ticket_message w ON w.id = m.ticket_message_id
WHERE m.state = 'taken'
  AND (w.id IS NULL OR w.way <> 'mail' OR w.side <> 'customer' OR w.origin_ticket_id <> m.ticket_id)
UNION
SELECT w.id FROM ticket_message w
WHERE w.way = 'mail'
  AND (SELECT COUNT(*) FROM mail m WHERE m.ticket_message_id = w.id) <> 1
