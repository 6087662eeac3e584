"""Orders to the system, one verb or small family per file; each works inside the transaction it is given."""
