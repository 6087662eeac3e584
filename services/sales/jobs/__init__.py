"""Time in: what starts because a moment has come."""
