-- What goods that left and are not invoiced were worth equals their control account.
SELECT x.currency AS id FROM (
  SELECT currency, SUM(minor) AS minor FROM (
    SELECT cost_currency AS currency, cost_left_minor AS minor FROM travelling WHERE cost_left_minor > 0
    UNION ALL SELECT p.currency, p.credit_minor - p.debit_minor FROM posting p
    WHERE p.account = (SELECT code FROM ledger_account WHERE role = 'in_transit')) d GROUP BY currency) x
WHERE x.minor <> 0
