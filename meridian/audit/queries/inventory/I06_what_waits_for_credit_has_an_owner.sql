-- No delivery waits for credit without somebody who sees to it, and a deadline that is not past.
SELECT d.id AS id FROM delivery d LEFT JOIN delivery_credit c ON c.delivery_id = d.id
WHERE d.state IN ('draft', 'waiting', 'ready', 'picked', 'packed') AND d.credit IN ('asked', 'refused')
  AND (c.delivery_id IS NULL OR c.owner = '' OR c.deadline < :minute_ago
       OR (d.credit = 'refused' AND (c.status IS NULL OR c.decided_at IS NULL)))
ORDER BY d.id
