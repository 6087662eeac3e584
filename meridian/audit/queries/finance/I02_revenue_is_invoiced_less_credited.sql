-- Revenue in the ledger is what was invoiced less what was credited, both without tax.
SELECT x.currency AS id FROM (
  SELECT currency, SUM(minor) AS minor FROM (
    SELECT currency, total_minor - tax_minor AS minor FROM invoice WHERE state = 'posted'
    UNION ALL SELECT currency, tax_minor - total_minor FROM credit_note) d GROUP BY currency) x
WHERE x.minor <> COALESCE((
  SELECT SUM(p.credit_minor - p.debit_minor) FROM posting p WHERE p.account = (SELECT code FROM ledger_account WHERE role = 'revenue') AND p.currency = x.currency), 0)
