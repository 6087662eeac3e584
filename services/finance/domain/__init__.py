"""What is true with the power off: credit, invoicing by share, payments, double entry."""
