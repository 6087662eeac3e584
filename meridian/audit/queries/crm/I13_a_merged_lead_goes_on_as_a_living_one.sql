-- A merged lead points to one that was not merged itself, and nothing hangs on it any more.
SELECT l.id AS id FROM lead l
LEFT JOIN lead k ON k.id = l.merged_into_id
WHERE l.state = 'merged'
  AND (k.id IS NULL OR k.state = 'merged'
       OR EXISTS (SELECT 1 FROM activity a WHERE a.lead_id = l.id)
       OR EXISTS (SELECT 1 FROM campaign_member m WHERE m.lead_id = l.id))
ORDER BY l.id
