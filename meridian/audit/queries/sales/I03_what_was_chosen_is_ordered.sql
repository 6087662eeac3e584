-- An order has each required and each chosen line of its quotation and no other; of each group exactly one was chosen.
SELECT l.id AS id FROM quotation q JOIN quotation_line l ON l.quotation_id = q.id
LEFT JOIN quotation_option p ON p.line_id = l.id
LEFT JOIN quotation_choice c ON c.quotation_id = q.id AND c.line_no = l.line_no
LEFT JOIN sales_order_line o ON o.order_id = q.order_id AND o.line_no = l.line_no
WHERE q.state = 'accepted' AND (o.id IS NULL) = (p.line_id IS NULL OR c.line_id IS NOT NULL)
  AND NOT EXISTS (
    SELECT 1 FROM order_change h JOIN order_change_line t ON t.change_id = h.id
    WHERE h.order_id = q.order_id AND h.state = 'applied' AND t.line_no = l.line_no)
UNION ALL
SELECT p.quotation_id AS id FROM quotation_option p JOIN quotation q ON q.id = p.quotation_id
LEFT JOIN quotation_choice c ON c.line_id = p.line_id
WHERE q.state = 'accepted' AND p.choice_group IS NOT NULL
GROUP BY p.quotation_id, p.choice_group HAVING COUNT(c.line_id) <> 1
ORDER BY id
