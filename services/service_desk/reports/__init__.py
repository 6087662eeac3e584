"""What others may look at; nothing here writes."""
