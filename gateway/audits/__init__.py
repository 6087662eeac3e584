"""What the audits of the whole system found."""
