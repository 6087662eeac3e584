-- Every open hold has an owner and a deadline that is not past.
SELECT h.order_id AS id FROM order_hold h
WHERE h.released_at IS NULL AND (h.owner = '' OR h.deadline < :minute_ago)
ORDER BY h.order_id
