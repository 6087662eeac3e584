-- What is open of supplier invoices, less what is left of their credit notes, equals the control account.
SELECT x.currency AS id FROM (
  SELECT currency, SUM(minor) AS minor FROM (
    SELECT currency, open_minor AS minor FROM supplier_invoice
    UNION ALL SELECT currency, -open_minor FROM supplier_credit_note) d GROUP BY currency) x
WHERE x.minor <> COALESCE((SELECT SUM(p.credit_minor - p.debit_minor) FROM posting p WHERE p.currency = x.currency
  AND p.account = (SELECT code FROM ledger_account WHERE role = 'payable')), 0)
