-- A serial leaves for a customer only from the house: it is never at two customers.
SELECT e.serial AS id FROM serial_event e
WHERE e.kind = 'shipped' AND COALESCE((
  SELECT b.state FROM serial_event b WHERE b.item_id = e.item_id AND b.serial = e.serial AND b.id < e.id
  ORDER BY b.id DESC LIMIT 1), '') NOT IN ('in_stock', 'picked')
ORDER BY e.serial
