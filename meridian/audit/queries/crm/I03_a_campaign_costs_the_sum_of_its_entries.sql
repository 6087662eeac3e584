-- A campaign costs the sum of its entries, and an entry is taken back by one as large.
SELECT c.id AS id FROM campaign c
WHERE c.cost_minor <> (SELECT COALESCE(SUM(e.amount_minor), 0) FROM campaign_cost e WHERE e.campaign_id = c.id)
   OR EXISTS (
  SELECT 1 FROM campaign_cost b JOIN campaign_cost e ON e.id = b.reverses_id
  WHERE b.campaign_id = c.id
    AND (e.campaign_id <> c.id OR b.amount_minor <> -e.amount_minor OR e.reverses_id IS NOT NULL))
ORDER BY c.id
