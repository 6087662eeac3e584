-- Customers' receivables equal the their control account.
SELECT a.currency AS id FROM (SELECT currency, SUM(receivable_minor) AS owed FROM account GROUP BY currency) a
WHERE a.owed <> COALESCE((
  SELECT SUM(p.debit_minor - p.credit_minor) FROM posting p WHERE p.account = (SELECT code FROM ledger_account WHERE role = 'receivable') AND p.currency = a.currency), 0)
