-- Of no invoice line more is credited than was invoiced, in quantity, in amount or in tax.
SELECT l.invoice_id AS id FROM invoice_line l
WHERE l.amount_minor < (
    SELECT SUM(c.amount_minor) FROM credit_note_line c WHERE c.invoice_id = l.invoice_id AND c.line_no = l.line_no)
   OR l.tax_minor < (
    SELECT SUM(c.tax_minor) FROM credit_note_line c WHERE c.invoice_id = l.invoice_id AND c.line_no = l.line_no)
   OR l.quantity_milli < (
    SELECT SUM(c.quantity_milli) FROM credit_note_line c WHERE c.invoice_id = l.invoice_id AND c.line_no = l.line_no)
ORDER BY l.invoice_id
