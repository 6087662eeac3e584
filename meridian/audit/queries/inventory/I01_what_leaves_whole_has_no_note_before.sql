-- An order that leaves in one piece and has got a part only has no delivery note that is open.
SELECT r.order_id AS id FROM reservation r JOIN delivery d ON d.order_id = r.order_id
WHERE r.state = 'partial' AND r.ship_complete AND d.state IN ('draft', 'waiting', 'ready', 'picked', 'packed')
ORDER BY r.order_id
