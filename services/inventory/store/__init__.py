"""Tables, and how documents are loaded from them and saved to them."""
