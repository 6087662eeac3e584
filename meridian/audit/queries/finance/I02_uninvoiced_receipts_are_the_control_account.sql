-- What came in less what was invoiced of it equals the account of goods received, not invoiced.
SELECT x.currency AS id FROM (
  SELECT currency, SUM(received_minor - invoiced_minor) AS minor FROM bought_line GROUP BY currency) x
WHERE x.minor <> COALESCE((SELECT SUM(p.credit_minor - p.debit_minor) FROM posting p WHERE p.currency = x.currency
  AND p.account = (SELECT code FROM ledger_account WHERE role = 'grni')), 0)
