-- The deliveries that leave by how an account stands are counted with it.
SELECT a.customer_id AS id FROM account a
WHERE a.open_questions <> (
    SELECT COUNT(*) FROM delivery_question q WHERE q.customer_id = a.customer_id AND q.state <> 'closed')
ORDER BY a.customer_id
