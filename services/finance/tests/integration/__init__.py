"""Tests on SQLite and PostgreSQL."""
