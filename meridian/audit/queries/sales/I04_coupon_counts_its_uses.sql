-- A coupon was used as often as orders use it, and no more often than it may be.
SELECT c.code AS id FROM coupon c
WHERE c.used > c.max_uses OR c.used <> (
  SELECT COUNT(*) FROM coupon_use u WHERE u.code = c.code AND u.given_back_at IS NULL)
ORDER BY c.code
