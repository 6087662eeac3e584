"""Mechanism without business words: what every service stands on, and nothing a service means."""
