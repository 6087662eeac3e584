-- Losses in the ledger are what was written off and not taken back.
SELECT x.currency AS id FROM (
  SELECT currency, SUM(amount_minor) AS minor FROM write_off WHERE state = 'posted' GROUP BY currency
  UNION ALL SELECT p.currency, 0 AS minor FROM posting p WHERE p.account = (SELECT code FROM ledger_account WHERE role = 'bad_debt')
    AND NOT EXISTS (SELECT 1 FROM write_off w WHERE w.state = 'posted' AND w.currency = p.currency)
  GROUP BY p.currency) x
WHERE x.minor <> COALESCE((
  SELECT SUM(p.debit_minor - p.credit_minor) FROM posting p WHERE p.account = (SELECT code FROM ledger_account WHERE role = 'bad_debt') AND p.currency = x.currency), 0)
