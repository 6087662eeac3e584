"""Orders to the system, one verb per file; each runs inside the transaction that it is handed."""
