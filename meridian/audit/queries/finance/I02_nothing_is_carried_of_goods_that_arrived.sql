-- In the company's currency, too, goods are in transit only as long as some are on their way.
SELECT p.currency AS id FROM company_posting p
WHERE p.account = (SELECT code FROM ledger_account WHERE role = 'in_transit')
GROUP BY p.currency
HAVING SUM(p.debit_minor - p.credit_minor) < 0 OR (SUM(p.debit_minor - p.credit_minor) > 0
  AND NOT EXISTS (SELECT 1 FROM travelling WHERE cost_left_minor > 0))
