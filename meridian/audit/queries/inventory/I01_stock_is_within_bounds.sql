-- Reserved is never negative and never more than on hand.
SELECT item_id AS id FROM stock
WHERE reserved_milli < 0 OR on_hand_milli < 0 OR reserved_milli > on_hand_milli ORDER BY item_id
