-- The campaign of an opportunity exists.
SELECT o.id AS id FROM opportunity o
LEFT JOIN campaign c ON c.id = o.campaign_id
WHERE o.campaign_id IS NOT NULL AND c.id IS NULL
ORDER BY o.id
