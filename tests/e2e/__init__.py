"""Scenarios over HTTP, named after the requirement that they prove; the same for both shapes of the system."""
