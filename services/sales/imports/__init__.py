"""Bringing prices in from rows: what the rows hold, and which acts they become."""
