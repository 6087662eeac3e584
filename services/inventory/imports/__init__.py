"""Bringing suppliers, items, warehouses and stock in from rows: what the rows hold, and which acts they become."""
