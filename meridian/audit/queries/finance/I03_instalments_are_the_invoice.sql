-- Instalments sum up to their invoice, the last one is due when all of it is, and each knows what falls due after it.
SELECT i.id AS id FROM invoice i
JOIN (SELECT invoice_id, SUM(amount_minor) AS minor, MAX(due_on) AS due_on
  FROM invoice_instalment GROUP BY invoice_id) s ON s.invoice_id = i.id
WHERE s.minor <> i.total_minor OR s.due_on <> i.due_on
UNION
SELECT p.invoice_id AS id FROM invoice_instalment p
WHERE p.later_minor <> COALESCE((
  SELECT SUM(l.amount_minor) FROM invoice_instalment l WHERE l.invoice_id = p.invoice_id AND l.due_on > p.due_on), 0)
