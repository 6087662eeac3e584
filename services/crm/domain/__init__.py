"""What a customer is, whose it is, and how it is found: true with the power off."""
