-- An account's receivable is the sum of its open invoices.
SELECT a.customer_id AS id FROM account a
WHERE a.receivable_minor <> COALESCE((
  SELECT SUM(i.open_minor) FROM invoice i WHERE i.customer_id = a.customer_id AND i.state = 'posted'), 0)
ORDER BY a.customer_id
