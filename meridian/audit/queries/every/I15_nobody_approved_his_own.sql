-- Nobody decided on, and nobody was decided for about, a document that he wrote, priced or sent.
SELECT c.approval_id AS id FROM approval_act c JOIN approval_barred b ON b.approval_id = c.approval_id
WHERE c.deed IN ('approved', 'rejected') AND b.person IN (c.by, c.voice)
UNION ALL
SELECT a.id AS id FROM approval a
WHERE NOT EXISTS (SELECT 1 FROM approval_barred b WHERE b.approval_id = a.id AND b.person = a.requested_by)
ORDER BY id
