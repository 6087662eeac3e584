-- Customers' unallocated money equals the control account 2100.
SELECT a.currency AS id FROM (SELECT currency, SUM(unallocated_minor) AS kept FROM account GROUP BY currency) a
WHERE a.kept <> COALESCE((
  SELECT SUM(p.credit_minor - p.debit_minor) FROM posting p WHERE p.account = '2100' AND p.currency = a.currency), 0)
