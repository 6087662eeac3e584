-- What a customer's months say is still owed is his open invoices; what they say was invoiced is all his invoices.
SELECT a.customer_id AS id FROM account a
LEFT JOIN (SELECT customer_id, SUM(invoiced_minor) AS invoiced, SUM(settled_minor) AS settled,
  SUM(paid_minor) AS paid, SUM(credited_minor) AS credited
  FROM receivable_month GROUP BY customer_id) m ON m.customer_id = a.customer_id
LEFT JOIN (SELECT customer_id, SUM(total_minor) AS invoiced, SUM(open_minor) AS owed
  FROM invoice WHERE state = 'posted' GROUP BY customer_id) i ON i.customer_id = a.customer_id
LEFT JOIN (SELECT customer_id, SUM(total_minor) AS credited FROM credit_note GROUP BY customer_id) n
  ON n.customer_id = a.customer_id
LEFT JOIN (SELECT p.customer_id, SUM(l.amount_minor) AS paid FROM allocation l
  JOIN payment p ON p.id = l.payment_id GROUP BY p.customer_id) l ON l.customer_id = a.customer_id
WHERE COALESCE(m.invoiced, 0) <> COALESCE(i.invoiced, 0)
  OR COALESCE(m.invoiced, 0) - COALESCE(m.settled, 0) <> COALESCE(i.owed, 0)
  OR COALESCE(m.credited, 0) <> COALESCE(n.credited, 0)
  OR COALESCE(m.paid, 0) <> COALESCE(l.paid, 0)
ORDER BY a.customer_id
