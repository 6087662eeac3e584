-- A ticket is with whom it was given to last.
SELECT t.id FROM ticket t
JOIN ticket_assignment a ON a.ticket_id = t.id
WHERE a.no = (SELECT MAX(b.no) FROM ticket_assignment b WHERE b.ticket_id = t.id)
  AND COALESCE(a.assignee_id, '') <> COALESCE(t.assignee_id, '')
ORDER BY t.id
