"""Tables, and how tickets, installed items and replicas are loaded from them and saved to them."""
