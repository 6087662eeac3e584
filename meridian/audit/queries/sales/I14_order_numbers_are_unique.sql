-- Order numbers are unique.
SELECT number AS id FROM sales_order GROUP BY number HAVING COUNT(*) > 1 ORDER BY number
