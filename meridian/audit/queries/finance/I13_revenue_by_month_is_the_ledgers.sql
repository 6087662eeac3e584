-- Revenue by month is what was invoiced of goods less what was credited of them, both without tax.
SELECT x.currency AS id FROM (
  SELECT currency, SUM(minor) AS minor FROM (
    SELECT i.currency, i.total_minor - i.tax_minor + COALESCE((
      SELECT SUM(d.amount_minor) FROM invoice_deduction d WHERE d.invoice_id = i.id), 0) AS minor
    FROM invoice i WHERE i.state = 'posted' AND i.kind = 'goods'
    UNION ALL SELECT n.currency, n.tax_minor - n.total_minor
    FROM credit_note n JOIN invoice i ON i.id = n.invoice_id WHERE i.kind = 'goods') d GROUP BY currency) x
WHERE x.minor <> COALESCE((SELECT SUM(m.revenue_minor) FROM receivable_month m WHERE m.currency = x.currency), 0)
ORDER BY x.currency
