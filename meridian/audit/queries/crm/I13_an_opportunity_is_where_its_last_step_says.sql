-- Of the steps of an opportunity one is not left, and that is its stage, or won, or lost.
SELECT p.id AS id FROM opportunity p LEFT JOIN opportunity_step s ON s.opportunity_id = p.id AND s.left_at IS NULL
GROUP BY p.id, p.state, p.stage
HAVING COUNT(s.id) <> 1 OR MAX(s.step) <> CASE p.state WHEN 'open' THEN p.stage ELSE p.state END
