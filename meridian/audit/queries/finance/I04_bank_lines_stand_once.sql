-- Every line that a statement brought as new is there, and none is there twice.
SELECT s.id FROM bank_statement s
WHERE s.lines_new <> (SELECT COUNT(*) FROM bank_line l WHERE l.statement_id = s.id)
