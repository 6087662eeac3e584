-- Whoever was asked as a superior was above the one who asked, on the level that the flow names, without the barred; and
-- a role stood in for one only where there was none.
SELECT p.approval_id AS id FROM approval_approver p
WHERE p.level IS NOT NULL AND p.kind = 'user' AND NOT EXISTS (
    SELECT 1 FROM approval_superior s
    WHERE s.approval_id = p.approval_id AND s.person = p.name
      AND NOT EXISTS (SELECT 1 FROM approval_barred b WHERE b.approval_id = p.approval_id AND b.person = s.person)
      AND p.level = (
        SELECT COUNT(*) FROM approval_superior o
        WHERE o.approval_id = p.approval_id AND o.level <= s.level AND NOT EXISTS (
            SELECT 1 FROM approval_barred b WHERE b.approval_id = o.approval_id AND b.person = o.person)))
UNION ALL
SELECT p.approval_id AS id FROM approval_approver p
WHERE p.level IS NOT NULL AND p.kind = 'role' AND p.level <= (
    SELECT COUNT(*) FROM approval_superior o
    WHERE o.approval_id = p.approval_id AND NOT EXISTS (
        SELECT 1 FROM approval_barred b WHERE b.approval_id = o.approval_id AND b.person = o.person))
ORDER BY id
