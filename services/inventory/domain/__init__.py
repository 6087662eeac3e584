"""The rules of stock, reservation and delivery: true with the power off."""
