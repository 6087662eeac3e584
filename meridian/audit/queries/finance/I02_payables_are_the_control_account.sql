-- What is open of supplier invoices equals their control account.
SELECT x.currency AS id FROM (
  SELECT currency, SUM(open_minor) AS minor FROM supplier_invoice GROUP BY currency) x
WHERE x.minor <> COALESCE((SELECT SUM(p.credit_minor - p.debit_minor) FROM posting p WHERE p.currency = x.currency
  AND p.account = (SELECT code FROM ledger_account WHERE role = 'payable')), 0)
