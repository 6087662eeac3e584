"""Inventory: the only truth of items, warehouses, what lies where, what is promised to whom, and what has left."""
