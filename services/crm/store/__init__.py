"""Tables, and how customers and contacts are loaded from them and saved to them."""
