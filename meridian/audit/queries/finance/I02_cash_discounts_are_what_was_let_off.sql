-- Cash discounts in the ledger are what was let off, without tax, and is not owed again.
SELECT x.currency AS id FROM (
  SELECT currency, SUM(minor) AS minor FROM (
    SELECT o.currency, CASE WHEN o.kind = 'granted' THEN p.amount_minor ELSE -p.amount_minor END AS minor
    FROM cash_discount_part p JOIN cash_discount o ON o.id = p.discount_id
    UNION ALL SELECT p.currency, p.credit_minor - p.debit_minor FROM posting p
    WHERE p.account = (SELECT code FROM ledger_account WHERE role = 'cash_discount')) d GROUP BY currency) x
WHERE x.minor <> 0
