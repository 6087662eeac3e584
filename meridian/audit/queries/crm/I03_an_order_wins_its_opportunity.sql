-- An opportunity of which an order came is won, by an order that came of it.
SELECT p.id AS id FROM opportunity p JOIN followed_order f ON f.opportunity_id = p.id
WHERE p.state <> 'won' OR p.order_id IS NULL
UNION
SELECT p.id AS id FROM opportunity p
WHERE p.order_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM followed_order f WHERE f.order_id = p.order_id AND f.opportunity_id = p.id)
