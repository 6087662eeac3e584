-- An approval is approved if and only if all of its steps are, by yes and no no; any other end has its act.
SELECT a.id AS id FROM approval a
WHERE (a.state = 'approved') <> (NOT EXISTS (
    SELECT 1 FROM approval_step s WHERE s.approval_id = a.id AND s.approved_at IS NULL))
  OR (a.state IN ('rejected', 'withdrawn', 'lapsed')) <> EXISTS (
    SELECT 1 FROM approval_act c WHERE c.approval_id = a.id AND c.deed IN ('rejected', 'withdrawn', 'lapsed'))
  OR (a.state IN ('rejected', 'withdrawn', 'lapsed') AND 1 <> (
    SELECT COUNT(*) FROM approval_act c WHERE c.approval_id = a.id AND c.deed = a.state))
  OR EXISTS (
    SELECT 1 FROM approval_step s WHERE s.approval_id = a.id AND s.approved_at IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM approval_act c WHERE c.approval_id = a.id AND c.step = s.n AND c.deed = 'approved'))
ORDER BY a.id
