"""Orders to the system: each takes the transaction that the edge or the consumer opened."""
