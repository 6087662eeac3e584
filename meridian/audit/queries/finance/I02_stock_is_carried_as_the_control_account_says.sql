-- What stock of other currencies is carried at equals the control account in the company's currency.
SELECT x.currency AS id FROM (
  SELECT currency, SUM(minor) AS minor FROM (
    SELECT company_currency AS currency, carried_minor AS minor FROM carried_stock
    UNION ALL SELECT p.currency, p.credit_minor - p.debit_minor FROM company_posting p
    WHERE p.account = (SELECT code FROM ledger_account WHERE role = 'stock')) d GROUP BY currency) x
WHERE x.minor <> 0
