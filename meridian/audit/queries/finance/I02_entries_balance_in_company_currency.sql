-- Every entry that is carried in the company's currency balances there, and is of the same taxes.
SELECT entry_id AS id FROM company_posting GROUP BY entry_id, currency
HAVING SUM(debit_minor) <> SUM(credit_minor)
UNION
SELECT c.entry_id AS id FROM company_posting c
WHERE c.tax_code IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM posting p WHERE p.entry_id = c.entry_id AND p.account = c.account
    AND p.tax_code = c.tax_code AND p.tax_ppm = c.tax_ppm)
