-- Customers' unallocated money equals the their control account.
SELECT a.currency AS id FROM (SELECT currency, SUM(unallocated_minor) AS kept FROM account GROUP BY currency) a
WHERE a.kept <> COALESCE((
  SELECT SUM(p.credit_minor - p.debit_minor) FROM posting p WHERE p.account = (SELECT code FROM ledger_account WHERE role = 'advances') AND p.currency = a.currency), 0)
