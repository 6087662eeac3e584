-- An order is of the type and version of its quotation, and every version that a document bears is there.
SELECT o.id AS id FROM sales_order o LEFT JOIN quotation q ON q.id = o.quotation_id
WHERE (q.id IS NOT NULL AND (q.order_type <> o.order_type OR q.order_type_version <> o.order_type_version))
   OR NOT EXISTS (
     SELECT 1 FROM order_type t WHERE t.code = o.order_type AND t.version = o.order_type_version)
UNION
SELECT q.id AS id FROM quotation q
WHERE NOT EXISTS (
  SELECT 1 FROM order_type t WHERE t.code = q.order_type AND t.version = q.order_type_version)
