-- What an invoice line says is credited is the sum of the credit notes' lines.
SELECT c.invoice_id AS id FROM (
  SELECT invoice_id, line_no, SUM(quantity_milli) AS milli, SUM(amount_minor) AS minor, SUM(tax_minor) AS tax
  FROM credit_note_line GROUP BY invoice_id, line_no) c
LEFT JOIN credited_line l ON l.invoice_id = c.invoice_id AND l.line_no = c.line_no
WHERE l.credited_milli IS NULL OR l.credited_milli <> c.milli OR l.credited_minor <> c.minor
   OR l.credited_tax_minor <> c.tax
UNION
SELECT l.invoice_id AS id FROM credited_line l
WHERE NOT EXISTS (
  SELECT 1 FROM credit_note_line c WHERE c.invoice_id = l.invoice_id AND c.line_no = l.line_no)
