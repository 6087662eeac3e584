-- The ledger's output tax is, for each currency, code and rate, what invoices bear less what they deduct, what credit
-- notes took back and what cash discounts let off.
SELECT COALESCE(x.tax_code, 'none') || ' ' || COALESCE(x.tax_ppm, 0) || ' ' || x.currency AS id FROM (
  SELECT currency, tax_code, tax_ppm, SUM(minor) AS minor FROM (
    SELECT i.currency, l.tax_code, l.tax_ppm, l.tax_minor AS minor
    FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id WHERE i.state = 'posted' AND l.tax_minor <> 0
    UNION ALL
    SELECT i.currency, d.tax_code, d.tax_ppm, -d.tax_minor
    FROM invoice_deduction d JOIN invoice i ON i.id = d.invoice_id WHERE d.tax_minor <> 0
    UNION ALL
    SELECT o.currency, p.tax_code, p.tax_ppm, CASE WHEN o.kind = 'granted' THEN -p.tax_minor ELSE p.tax_minor END
    FROM cash_discount_part p JOIN cash_discount o ON o.id = p.discount_id WHERE p.tax_minor <> 0
    UNION ALL
    SELECT n.currency, l.tax_code, l.tax_ppm, -c.tax_minor
    FROM credit_note_line c JOIN credit_note n ON n.id = c.credit_note_id
    JOIN invoice_line l ON l.invoice_id = c.invoice_id AND l.line_no = c.line_no WHERE c.tax_minor <> 0
    UNION ALL
    SELECT p.currency, p.tax_code, p.tax_ppm, p.debit_minor - p.credit_minor FROM posting p WHERE p.account = (SELECT code FROM ledger_account WHERE role = 'output_vat')
  ) d GROUP BY currency, tax_code, tax_ppm) x
WHERE x.minor <> 0
