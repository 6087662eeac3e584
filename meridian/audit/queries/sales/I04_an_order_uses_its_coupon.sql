-- An order that uses a coupon uses that of its quotation, and has given the use back if it was cancelled; one on whose
-- lines promotions took nothing off uses none.
SELECT o.id AS id FROM sales_order o JOIN quotation q ON q.id = o.quotation_id
LEFT JOIN coupon_use u ON u.order_id = o.id
WHERE (u.order_id IS NOT NULL AND (q.coupon IS NULL OR u.code <> q.coupon
        OR (o.state = 'cancelled' AND u.given_back_at IS NULL)
        OR (o.state <> 'cancelled' AND u.given_back_at IS NOT NULL)))
ORDER BY o.id
