"""What no single service can answer for itself."""
