-- What no invoice has deducted of down payments equals their control account.
SELECT x.currency AS id FROM (
  SELECT currency, SUM(minor) AS minor FROM (
    SELECT currency, left_net_minor AS minor FROM down_payment
    UNION ALL SELECT p.currency, p.debit_minor - p.credit_minor FROM posting p
    WHERE p.account = (SELECT code FROM ledger_account WHERE role = 'down_payments')) d GROUP BY currency) x
WHERE x.minor <> 0
