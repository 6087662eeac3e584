-- A ticket that was merged is closed, and all that was said on it stands on another one.
SELECT r.ticket_id AS id FROM ticket_relation r
JOIN ticket t ON t.id = r.ticket_id
WHERE r.tie = 'merged_into'
  AND (t.state <> 'closed'
       OR EXISTS (SELECT 1 FROM ticket_message m WHERE m.ticket_id = r.ticket_id)
       OR EXISTS (SELECT 1 FROM ticket_note n WHERE n.ticket_id = r.ticket_id))
ORDER BY r.ticket_id
