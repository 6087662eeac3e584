-- Nobody has posted a supplier invoice that he entered in spite of its differences.
SELECT id AS id FROM supplier_invoice WHERE state = 'posted' AND decided_by = entered_by ORDER BY id
