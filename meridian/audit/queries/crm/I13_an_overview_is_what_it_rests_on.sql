-- A customer of whom nothing was heard since is in the overview as his invoices, tickets and opportunities say.
SELECT v.customer_id AS id FROM customer_overview v WHERE NOT v.due AND v.looked_on IS NOT NULL AND (
  v.open_minor <> COALESCE((SELECT SUM(i.total_minor - i.settled_minor) FROM followed_invoice i
    WHERE i.customer_id = v.customer_id AND i.currency = v.currency AND i.total_minor > i.settled_minor), 0)
  OR v.open_tickets <> (SELECT COUNT(*) FROM followed_ticket t WHERE t.customer_id = v.customer_id AND t.open)
  OR v.open_opportunities <> (SELECT COUNT(*) FROM opportunity p
    WHERE p.customer_id = v.customer_id AND p.state = 'open'))
ORDER BY v.customer_id
