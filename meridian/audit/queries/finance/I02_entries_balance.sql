-- Every entry balances in every currency.
SELECT entry_id AS id FROM posting GROUP BY entry_id, currency
HAVING SUM(debit_minor) <> SUM(credit_minor) ORDER BY entry_id
